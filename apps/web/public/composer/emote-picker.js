import { button, create } from '../dom.js'
import { pictureOf } from '../emotes.js'
import { wordsOf } from '../reasons.js'
import { createModifiers } from './emote-modifiers.js'
import { insertWord } from './insert.js'

/**
 * The emotes of a channel to choose from, one of which goes into `text`, as it is to look. `elements`: emotes (popover),
 * emotesOpen (its button), emotesSought (input), emotesFound, emotesNone, emotesModifiers. `list` as createEmoteList makes it.
 */
export const createEmotePicker = ({ elements, list, text }) => {
  const { emotes, emotesOpen, emotesSought, emotesFound, emotesNone, emotesModifiers } = elements

  const choose = (emote) => {
    emotes.hidePopover()
    insertWord(text, [emote.name, ...modifiers.chosen()].join(':'))
    text.focus()
  }

  const draw = (found) => {
    emotesFound.replaceChildren(
      ...found.map((emote) =>
        create(
          'li',
          {},
          button(pictureOf({ ...emote, modifiers: modifiers.chosen() }), () => choose(emote), {
            'aria-label': emote.name,
          }),
        ),
      ),
    )
    emotesNone.textContent = found.length === 0 ? 'There are none.' : ''
  }

  const look = async () => {
    const sought = emotesSought.value.trim()
    try {
      const found = await list.like(sought)
      if (emotesSought.value.trim() === sought) draw(found)
    } catch (error) {
      emotesNone.textContent = wordsOf(error)
    }
  }

  const modifiers = createModifiers({ place: emotesModifiers, onChange: () => look() })

  const place = () => {
    const { top, right } = emotesOpen.getBoundingClientRect()
    emotes.style.bottom = `${innerHeight - top + 8}px`
    emotes.style.right = `${Math.max(8, innerWidth - right)}px`
  }

  emotes.addEventListener('toggle', ({ newState }) => {
    emotesOpen.setAttribute('aria-expanded', String(newState === 'open'))
    if (newState !== 'open') return
    emotesSought.value = ''
    modifiers.drop()
    place()
    emotesSought.focus()
  })
  emotesSought.addEventListener('input', look)
  emotesSought.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    emotesFound.querySelector('button')?.click()
  })
}
