import { drawAttachments } from './attachments.js'
import { button, create } from './dom.js'
import { face, hueOf } from './people.js'
import { createQuotes } from './quotes.js'
import { drawWords, picturesOf } from './words.js'

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const NEAR_END_PX = 80
const FOLLOWS_MS = 5 * 60_000
/** Lines kept on the page while nobody reads back. */
const KEPT = 500

/** What somebody is in the channel, beside their name. */
const roleWords = {
  platform_admin: 'staff',
  broadcaster: 'broadcaster',
  lead_moderator: 'lead mod',
  moderator: 'mod',
  vip: 'VIP',
  bot: 'bot',
}

const badgesOf = ({ role, tier }) =>
  [roleWords[role], tier && `tier ${tier}`].filter(Boolean).map((words) => create('span', { class: 'badge' }, words))

/** So long readers of screens are told of no lines, once earlier ones have come. */
const HUSH_MS = 1000

/** How long a line that was looked for stands out. */
const SOUGHT_MS = 2000

/**
 * The lines of the chat, in the order of their numbers. `onMenu(line, button)` opens the menu of a line and
 * `onReply(line)` answers it, where `hasMenu(line)` says that there is one. `onTrim(seq)`: what lies before this number is
 * shown no more. `messageOf(id)` reads a message that is not shown; `pictureOf(line, attachment, size)` is the address of
 * a picture that a line shows. What `isHidden(line)` is left out; what `isForMe(line)` stands out;
 * `onAbsent(id)`: a line is looked for that is not there.
 */
export const createLines = (options) => {
  const { list, scroll, jump, hasMenu, onMenu, onReply, onRetry, onTrim, messageOf, pictureOf } = options
  const { isHidden = () => false, isForMe = () => false, onAbsent = () => {} } = options
  /** Lines by message id: { id, seq, at, author, text, element }. */
  const lines = new Map()
  /** The number of the latest message that happened, shown or not. */
  let newest = 0
  const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX
  const toEnd = () => {
    scroll.scrollTop = scroll.scrollHeight
    jump.hidden = true
  }
  /** What is not said just now is not read out as if it were. */
  let hushed
  const hush = () => {
    scroll.setAttribute('aria-live', 'off')
    clearTimeout(hushed)
    hushed = setTimeout(() => scroll.removeAttribute('aria-live'), HUSH_MS)
  }

  const following = (change) => {
    const follow = atEnd()
    change()
    if (follow) toEnd()
    else jump.hidden = false
  }
  /** Who was at the end stays there when the room for the chat changes: a video begins, something is pinned. */
  let wasAtEnd = true
  scroll.addEventListener('scroll', () => {
    wasAtEnd = atEnd()
    if (wasAtEnd) jump.hidden = true
  })
  new ResizeObserver(() => {
    if (wasAtEnd) toEnd()
  }).observe(scroll)

  jump.addEventListener('click', toEnd)

  const lineOf = (element) => lines.get(element?.dataset.id)

  const toLine = (id) => {
    const element = lines.get(id)?.element
    if (!element) {
      onAbsent(id)
      return
    }
    element.scrollIntoView({ block: 'center' })
    element.classList.add('sought')
    setTimeout(() => element.classList.remove('sought'), SOUGHT_MS)
  }

  const quotes = createQuotes({ list, shown: (id) => lines.get(id), ask: messageOf, toLine })

  /** A line of the same person shortly after goes without name and face. */
  const group = (element) => {
    const line = lineOf(element)
    if (!line) return
    const before = lineOf(element.previousElementSibling)
    const follows = before?.author.id === line.author.id && line.at - before.at < FOLLOWS_MS && !line.replyTo
    element.classList.toggle('follows', follows)
  }

  const replyButton = (line) =>
    button('↩', () => onReply(line), {
      class: 'reply',
      'aria-label': `Reply to the message of ${line.author.name}`,
    })

  const menuButton = (line) => {
    const opener = button('⋯', () => onMenu(line, opener), {
      class: 'tools',
      'aria-label': `What to do about the message of ${line.author.name}`,
      'aria-haspopup': 'dialog',
    })
    return opener
  }

  const render = (line) => {
    const { id, at, author, state, form } = line
    const kinds = ['line', state, form, isForMe(line) && 'for-me']
    const attributes = { class: kinds.filter(Boolean).join(' '), 'data-id': id, 'data-color': line.color ?? undefined }
    const element = create('li', attributes)
    element.style.setProperty('--hue', hueOf(author.id))
    const time = create('time', { datetime: new Date(at).toISOString() }, clock.format(at))
    const who = create('div', { class: 'who' }, create('span', { class: 'name' }, author.name), ...badgesOf(line), time)
    const drawn = line.text === '' && line.uploads ? picturesOf(line) : drawWords(line)
    const words = create('div', { class: 'words' }, drawn, ...drawAttachments(line, pictureOf))
    if (line.replyTo) element.append(quotes.draw(line))
    element.append(face(author), who, words)
    if (hasMenu(line)) element.append(replyButton(line), menuButton(line))
    return element
  }

  const refresh = (line) => {
    const element = render(line)
    line.element.replaceWith(element)
    line.element = element
    group(element)
  }

  const append = (line) => {
    line.element = render(line)
    lines.set(line.id, line)
    following(() => {
      list.append(line.element)
      group(line.element)
      if (!atEnd()) return
      if (list.childElementCount <= KEPT) return
      while (list.childElementCount > KEPT) drop(list.firstElementChild)
      // By what is shown, for earlier lines that were read back came later.
      const first = [...list.children].map(lineOf).find((shown) => shown?.seq !== undefined)
      if (first) onTrim(first.seq)
    })
  }

  const drop = (element) => {
    lines.delete(element.dataset.id)
    element.remove()
  }

  return {
    isEmpty: () => lines.size === 0,
    newest: () => newest,
    get: (id) => lines.get(id),
    /** A message as it happens. An own one that is on its way takes its place at the end. */
    message: (line) => {
      newest = line.seq
      const pending = lines.get(line.id)
      if (pending) drop(pending.element)
      if (!isHidden(line)) append(line)
    },
    pending: (line) => {
      append({ ...line, state: 'pending' })
      toEnd()
    },
    /** One's own that waits for a moderator. */
    held: (id, reason) => {
      const line = lines.get(id)
      if (line?.state !== 'pending') return
      line.state = 'held'
      refresh(line)
      line.element.append(create('p', { class: 'reason', role: 'status' }, reason))
    },
    rejected: (id, reason) => {
      const line = lines.get(id)
      if (!line) return
      line.state = 'rejected'
      refresh(line)
      const again = button('Edit', () => {
        drop(line.element)
        onRetry(line)
      })
      line.element.append(create('p', { class: 'reason', role: 'alert' }, `${reason} `, again))
      toEnd()
    },
    /** All lines that `isMeant(line)`. */
    removeWhere: (isMeant) => {
      for (const line of [...lines.values()]) {
        if (!isMeant(line)) continue
        const next = line.element.nextElementSibling
        drop(line.element)
        if (next) group(next)
      }
      quotes.removeWhere(isMeant)
    },
    /** A line says something else by now. */
    edited: (id, text, entities) => {
      quotes.edited(id, text, entities)
      const line = lines.get(id)
      if (!line) return
      Object.assign(line, { text, entities })
      refresh(line)
    },
    note: (text) =>
      following(() => {
        list.append(create('li', { class: 'note' }, text))
      }),
    /** Older messages, oldest first, set before what is there without moving what is being read. */
    prepend: (older) => {
      hush()
      const before = scroll.scrollHeight - scroll.scrollTop
      const elements = older
        .filter((line) => !lines.has(line.id) && !isHidden(line))
        .map((line) => {
          line.element = render(line)
          lines.set(line.id, line)
          return line.element
        })
      const first = list.firstElementChild
      list.prepend(...elements)
      for (const element of elements) group(element)
      if (first) group(first)
      scroll.scrollTop = scroll.scrollHeight - before
    },
    clear: () => {
      list.replaceChildren()
      lines.clear()
    },
    hush,
    /** Who may do what to the lines has changed. */
    refreshMenus: () => {
      hush()
      for (const line of lines.values()) if (!line.state) refresh(line)
    },
    toEnd,
    toLine,
  }
}
