import { create } from '../dom.js'
import { pictureOf } from '../emotes.js'
import { insertWord } from './insert.js'

const MOST = 8

/** A colon and what follows it, as far as the cursor. */
const begun = ({ value, selectionStart }) => /(?:^|\s)(:\w{2,})$/.exec(value.slice(0, selectionStart))?.[1]

/**
 * Emotes offered while one is written behind a colon: arrows go through them, Enter and Tab take one, Escape none (the
 * list pattern of comboboxes, WAI-ARIA practices). `options` is the list above `text`.
 */
export const createTypeAhead = ({ text, options, list }) => {
  let found = []
  let at = 0

  const close = () => {
    found = []
    options.hidden = true
    text.setAttribute('aria-expanded', 'false')
    text.removeAttribute('aria-activedescendant')
  }

  const mark = (index) => {
    at = (index + found.length) % found.length
    for (const [each, option] of [...options.children].entries())
      option.setAttribute('aria-selected', String(each === at))
    text.setAttribute('aria-activedescendant', options.children[at].id)
    options.children[at].scrollIntoView({ block: 'nearest' })
  }

  const take = (emote) => {
    const { length } = begun(text) ?? ''
    close()
    insertWord(text, emote.name, length)
  }

  const option = (emote, index) => {
    const created = create('div', { id: `emote-option-${index}`, role: 'option' }, pictureOf(emote), ` ${emote.name}`)
    // Before the text loses the focus to it.
    created.addEventListener('pointerdown', (event) => {
      event.preventDefault()
      take(emote)
    })
    return created
  }

  const look = async () => {
    const sought = begun(text)
    if (!sought) return close()
    const like = await list.like(sought.slice(1)).catch(() => [])
    if (begun(text) !== sought) return
    found = like.slice(0, MOST)
    if (found.length === 0) return close()
    options.replaceChildren(...found.map(option))
    options.hidden = false
    text.setAttribute('aria-expanded', 'true')
    mark(0)
  }

  const keys = {
    ArrowDown: () => mark(at + 1),
    ArrowUp: () => mark(at - 1),
    Enter: () => take(found[at]),
    Tab: () => take(found[at]),
    Escape: close,
  }

  text.addEventListener('input', look)
  text.addEventListener('blur', close)
  // Before the text itself hears of them, to which Enter is something else.
  text.addEventListener(
    'keydown',
    (event) => {
      const does = found.length > 0 && !event.isComposing && !event.shiftKey && keys[event.key]
      if (!does) return
      event.preventDefault()
      event.stopImmediatePropagation()
      does()
    },
    { capture: true },
  )
}
