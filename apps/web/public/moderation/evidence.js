import { create } from '../dom.js'

/** Messages as they were when somebody was reported, or something was done to them; those that it is about stand out. */
export const drawEvidence = (messages) =>
  create(
    'ol',
    { class: 'evidence' },
    ...messages.map(({ author, text, named }) => {
      const words = [create('strong', {}, author.name ?? 'somebody who is erased'), `: ${text ?? '…'}`]
      return create('li', { class: named ? 'named' : undefined }, ...words)
    }),
  )
