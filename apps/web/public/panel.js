/** One panel at a time has the place beside the chat. */
let opened

/**
 * A panel beside the chat that a button opens and closes; Escape closes it, too. `onOpen()` fills it.
 * `elements`: panel, open (button), close (button), count (of what waits, in the button).
 */
export const createPanel = ({ elements, onOpen }) => {
  const { panel, open, close, count } = elements

  const set = (isOpen) => {
    panel.hidden = !isOpen
    open.setAttribute('aria-expanded', String(isOpen))
  }

  const leave = () => {
    set(false)
    if (opened === leave) opened = undefined
  }

  const enter = () => {
    opened?.()
    opened = leave
    set(true)
    panel.focus()
    onOpen()
  }

  const leaveFor = (element) => {
    leave()
    element.focus()
  }

  open.addEventListener('click', () => (panel.hidden ? enter() : leave()))
  close.addEventListener('click', () => leaveFor(open))
  panel.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') leaveFor(open)
  })

  return {
    open: () => {
      if (panel.hidden) enter()
    },
    close: leave,
    isOpen: () => !panel.hidden,
    /** Whether there is such a panel for whoever looks at the page. */
    offer: (isOffered) => {
      open.hidden = !isOffered
      if (!isOffered) leave()
    },
    /** So many wait. */
    waiting: (number) => {
      count.textContent = number === 0 ? '' : number > 99 ? '99+' : String(number)
    },
  }
}
