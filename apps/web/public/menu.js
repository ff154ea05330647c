/**
 * What can be done about a line. `actions` by name take (line, dataset) and return promises; an entry is there for whom its
 * `data-for` names: anybody, the author, others, a moderator (of what others wrote alone, some), a reader of what others
 * wrote.
 */
export const createMenu = ({ element, title, isMine, moderates, actions, onError }) => {
  let line
  let opener

  const close = () => element.hidePopover()

  const place = (button) => {
    const { bottom, right, top } = button.getBoundingClientRect()
    const { offsetHeight: height, offsetWidth: width } = element
    const below = bottom + 4 + height <= innerHeight
    element.style.top = `${below ? bottom + 4 : Math.max(8, top - 4 - height)}px`
    element.style.left = `${Math.max(8, right - width)}px`
  }

  element.addEventListener('toggle', ({ newState }) => {
    opener?.setAttribute('aria-expanded', String(newState === 'open'))
    if (newState !== 'closed') return
    // What was chosen may have gone on elsewhere.
    const { activeElement: at, body } = document
    if (at === body || element.contains(at)) opener?.focus()
  })

  element.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const entries = [...element.querySelectorAll('button:not([hidden])')]
    const at = entries.indexOf(document.activeElement)
    entries.at((at + step) % entries.length)?.focus()
  })

  for (const button of element.querySelectorAll('button'))
    button.addEventListener('click', () => {
      const about = line
      close()
      actions[button.dataset.action](about, button.dataset).catch(onError)
    })

  return {
    open: (about, button) => {
      line = about
      opener = button
      title.textContent = about.author.name
      const mine = isMine(about)
      const isFor = new Set([
        'anybody',
        mine ? 'author' : 'other',
        !mine && !moderates() && 'reader',
        ...(moderates() ? ['moderator', !mine && 'moderator-of-others'] : []),
      ])
      for (const entry of element.querySelectorAll('button'))
        entry.hidden = !entry.dataset.for.split(' ').some((who) => isFor.has(who))
      element.showPopover()
      place(button)
      element.querySelector('button:not([hidden])').focus()
    },
  }
}
