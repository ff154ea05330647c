import { button, create } from '../dom.js'
import { createQueue } from '../queue.js'

const why = ({ cause, rule }) =>
  cause === 'low_trust' ? 'All that they write waits.' : rule ? `Held by the rule ${rule}.` : 'Held by a rule.'

/** A picture that moderators alone may ask for: small, and whole once it is pressed. `load(size)` gives its bytes. */
const drawPicture = (load, number) => {
  const image = create('img', { alt: `Picture ${number} that waits` })
  const show = async (size) => {
    try {
      image.src = URL.createObjectURL(await load(size))
    } catch {
      image.alt = `Picture ${number} cannot be shown`
    }
  }
  image.addEventListener('load', () => URL.revokeObjectURL(image.src))
  show('thumb')
  return button(image, () => show('full'), { class: 'quiet attachment' })
}

/** Messages that wait for a moderator. `act(act)` does something in the channel. */
export const createHeld = ({ api, channelId, act, onCount }) =>
  createQueue({
    title: 'Waiting messages',
    nothing: 'No message waits.',
    onCount,
    load: (position) => api.held(channelId(), position),
    draw: ({ id, author, text, attachments, ...message }, doing) => {
      const name = author.name ?? 'somebody who is erased'
      const review = (approve) => () => act({ kind: 'review', message: id, approve })
      const load = (picture) => (size) => api.heldPicture(channelId(), id, picture, size)
      return [
        create('p', {}, create('strong', {}, name), `: ${text ?? '…'}`),
        ...attachments.map((picture, index) => drawPicture(load(picture.id), index + 1)),
        create('p', { class: 'explains' }, why(message)),
        doing('Approve', review(true), { 'aria-label': `Approve the message of ${name}` }),
        doing('Reject', review(false), { 'aria-label': `Reject the message of ${name}` }),
      ]
    },
  })
