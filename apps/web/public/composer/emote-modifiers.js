import { button } from '../dom.js'

/** Those that the page draws; others may be written, and are drawn by who knows them. */
export const drawnModifiers = [
  ...['mirror', 'flip', 'rotate', 'wide', 'small', 'spin', 'shake', 'blur', 'gray', 'invert', 'dark', 'rainbow'],
]

/** So many go with one emote. */
export const MOST = 5

/** How an emote is to look: switches in `place`, whose order is the one in which they were pressed. */
export const createModifiers = ({ place, onChange }) => {
  let chosen = []

  const show = () => {
    for (const each of place.querySelectorAll('button')) {
      const isChosen = chosen.includes(each.textContent)
      each.setAttribute('aria-pressed', String(isChosen))
      each.disabled = !isChosen && chosen.length === MOST
    }
  }
  const set = (next) => {
    chosen = next
    show()
    onChange()
  }
  const turn = (name) => set(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name])

  place.append(...drawnModifiers.map((name) => button(name, () => turn(name))))
  show()
  return { chosen: () => chosen, drop: () => set([]) }
}
