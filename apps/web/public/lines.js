import { drawAttachments } from './attachments.js'
import { face, hueOf } from './people.js'
import { drawWords } from './words.js'

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const NEAR_END_PX = 80
const FOLLOWS_MS = 5 * 60_000
/** Lines kept on the page while nobody reads back. */
const KEPT = 500

const create = (name, className, text) => {
  const element = document.createElement(name)
  if (className) element.className = className
  if (text !== undefined) element.textContent = text
  return element
}

/**
 * The lines of the chat, in the order of their numbers. `onMenu(line, button)` opens the menu of a line, where
 * `hasMenu(line)` says that there is one. `onTrim(seq)`: what lies before this number is shown no more.
 * `pictureOf(line, attachment, size)` is the address of a picture that a line shows.
 */
export const createLines = ({ list, scroll, jump, hasMenu, onMenu, onRetry, onTrim, pictureOf }) => {
  /** Lines by message id: { id, seq, at, author, text, element }. */
  const lines = new Map()
  const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX
  const toEnd = () => {
    scroll.scrollTop = scroll.scrollHeight
    jump.hidden = true
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

  const lineOf = (element) => lines.get(element?.dataset.id)

  /** A line of the same person shortly after goes without name and face. */
  const group = (element) => {
    const line = lineOf(element)
    if (!line) return
    const before = lineOf(element.previousElementSibling)
    const follows = before?.author.id === line.author.id && line.at - before.at < FOLLOWS_MS
    element.classList.toggle('follows', follows)
  }

  const menuButton = (line) => {
    const button = create('button', 'tools', '⋯')
    button.type = 'button'
    button.setAttribute('aria-label', `What to do about the message of ${line.author.name}`)
    button.setAttribute('aria-haspopup', 'menu')
    button.addEventListener('click', () => onMenu(line, button))
    return button
  }

  const render = (line) => {
    const { id, at, author, state, form } = line
    const element = create('li', ['line', state, form].filter(Boolean).join(' '))
    element.dataset.id = id
    element.style.setProperty('--hue', hueOf(author.id))
    const who = create('div', 'who')
    const time = create('time', '', clock.format(at))
    time.dateTime = new Date(at).toISOString()
    who.append(create('span', 'name', author.name), time)
    const words = create('div', 'words')
    words.append(drawWords(line), ...drawAttachments(line, pictureOf))
    element.append(face(author), who, words)
    if (hasMenu(line)) element.append(menuButton(line))
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
    get: (id) => lines.get(id),
    /** A message as it happens. An own one that is on its way takes its place at the end. */
    message: (line) => {
      const pending = lines.get(line.id)
      if (pending) drop(pending.element)
      append(line)
    },
    pending: (line) => {
      append({ ...line, state: 'pending' })
      toEnd()
    },
    rejected: (id, reason) => {
      const line = lines.get(id)
      if (!line) return
      line.state = 'rejected'
      refresh(line)
      const note = create('p', 'reason', `${reason} `)
      note.setAttribute('role', 'alert')
      const again = create('button', 'quiet', 'Edit')
      again.type = 'button'
      again.addEventListener('click', () => {
        drop(line.element)
        onRetry(line.form === 'action' ? `/me ${line.text}` : line.text)
      })
      note.append(again)
      line.element.append(note)
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
    },
    /** A line says something else by now. */
    edited: (id, text, entities) => {
      const line = lines.get(id)
      if (!line) return
      Object.assign(line, { text, entities })
      refresh(line)
    },
    note: (text) =>
      following(() => {
        list.append(create('li', 'note', text))
      }),
    /** Older messages, oldest first, set before what is there without moving what is being read. */
    prepend: (older) => {
      const before = scroll.scrollHeight - scroll.scrollTop
      const elements = older
        .filter(({ id }) => !lines.has(id))
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
    /** Who may do what to the lines has changed. */
    refreshMenus: () => {
      for (const line of lines.values()) if (!line.state) refresh(line)
    },
    toEnd,
  }
}
