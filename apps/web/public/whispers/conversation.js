import { onSubmit } from '../account/form.js'
import { create } from '../dom.js'
import { wordsOf } from '../reasons.js'

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

/**
 * What is whispered with one person, and where one whispers back. `me()` is who looks at it; `onSent(whisper)` and
 * `onRead(peer, upTo)` tell what was done. `elements`: section, peer, said (list), earlier, form, text, problem.
 */
export const createConversation = ({ api, elements, me, onSent, onRead }) => {
  const { section, peer: heading, said: list, earlier, form, text, problem } = elements
  let peer
  /** By id: the number in the lane, or undefined of what was sent just now. */
  let shown = new Map()

  const item = ({ at, author, text: words }) => {
    const time = create('time', { datetime: new Date(at).toISOString() }, clock.format(new Date(at)))
    const isMine = author.id === me()?.id
    const who = create('span', { class: 'hidden' }, isMine ? 'You: ' : `${peer.name}: `)
    return create('li', { class: isMine ? 'mine' : undefined }, who, create('span', {}, words ?? '…'), time)
  }

  const tell = (error) => {
    problem.textContent = error ? wordsOf(error) : ''
    problem.hidden = !error
  }

  const add = (whispers, place) => {
    const fresh = whispers.filter(({ id }) => !shown.has(id))
    for (const { id, whisperSeq } of whispers) shown.set(id, whisperSeq)
    place(fresh.map(item))
  }
  const append = (whispers) => {
    add(whispers, (items) => list.append(...items))
    list.lastElementChild?.scrollIntoView({ block: 'nearest' })
  }

  /** All that they have whispered is seen. */
  const markRead = (whispers) => {
    const last = whispers.findLast(({ author }) => author.id === peer.id)
    if (last) onRead(peer, last.whisperSeq)
  }

  /** A page of the conversation; undefined where another one is open by now. */
  const page = async (before) => {
    const asked = peer
    const { whispers, more } = await api.whispersWith(asked.id, before)
    if (peer !== asked) return undefined
    earlier.hidden = !more
    return whispers
  }

  const loadLast = async (recent) => {
    const read = await page()
    if (!read) return
    const ids = new Set(read.map(({ id }) => id))
    const whispers = [...read, ...recent.filter(({ id }) => !ids.has(id))]
    append(whispers)
    markRead(whispers)
  }

  const loadEarlier = async (before) => {
    const read = await page(before)
    if (read) add(read, (items) => list.prepend(...items))
  }

  earlier.addEventListener('click', () =>
    loadEarlier(Math.min(...[...shown.values()].filter((whisperSeq) => whisperSeq !== undefined))).catch(tell),
  )
  onSubmit(
    form,
    problem,
    async (data) => {
      const words = data.get('whisper').replace(/\s+/g, ' ').trim()
      if (words === '') return
      const to = peer
      const { commandId: id } = await api.whisper(to.id, words)
      const whisper = { id, at: Date.now(), author: me(), text: words }
      if (peer === to) append([whisper])
      onSent(to, whisper)
    },
    wordsOf,
  )

  return {
    /** `recent` is what was told of it live. */
    open: (person, recent = []) => {
      peer = person
      shown = new Map()
      heading.textContent = person.name
      list.replaceChildren()
      earlier.hidden = true
      tell()
      form.reset()
      section.hidden = false
      text.focus()
      loadLast(recent).catch(tell)
    },
    close: () => {
      peer = undefined
      section.hidden = true
      list.replaceChildren()
    },
    isWith: (id) => peer?.id === id,
    /** A whisper of this conversation, as it happens. */
    happened: (whisper) => {
      append([whisper])
      markRead([whisper])
    },
  }
}
