import { create } from '../dom.js'
import { wordsOf } from '../reasons.js'

/** What moderators switch; where there is a number to it, `unit` says of what, in `scale` of what the channel takes. */
const modes = [
  { mode: 'slow', words: 'Slow mode', unit: 'seconds between two messages', first: 10, min: 1 },
  { mode: 'followers_only', words: 'Followers only', unit: 'minutes of following', scale: 60, first: 0, min: 0 },
  { mode: 'subscribers_only', words: 'Subscribers only', unit: 'is the lowest tier', first: 1, min: 1 },
  { mode: 'account_age', words: 'No new accounts', unit: 'hours since it was opened', scale: 3600, first: 24, min: 1 },
  { mode: 'emote_only', words: 'Emotes only' },
  { mode: 'unique', words: 'Nothing is said twice' },
  { mode: 'verified', words: 'Confirmed e-mail addresses only' },
  { mode: 'read_only', words: 'Moderators only' },
  { mode: 'shield', words: 'Shield: all that keeps a raid out, at once' },
  { mode: 'attachments', words: 'Pictures with messages' },
  { mode: 'edit_window', words: 'Messages may be edited', unit: 'minutes long', scale: 60, first: 5, min: 1 },
  { mode: 'hidden_presence', words: 'Who is here is not told' },
]

const row = ({ mode, words, unit, scale = 1, first, min }, set) => {
  const isOn = create('input', { type: 'checkbox', role: 'switch' })
  const number = unit && create('input', { type: 'number', min, step: 1, value: first, required: '' })
  const value = () => (number ? number.valueAsNumber * scale : 1)
  isOn.addEventListener('change', () => set(mode, isOn.checked ? value() : null))
  number?.addEventListener('change', () => {
    if (isOn.checked && number.reportValidity()) set(mode, value())
  })
  const element = create('li', {}, create('label', { class: 'switch' }, isOn, ` ${words}`))
  if (number) element.append(create('label', { class: 'amount' }, number, ` ${unit}`))
  return {
    mode,
    element,
    show: (now) => {
      isOn.checked = now !== undefined
      // What somebody is typing stays.
      if (number && now !== undefined && document.activeElement !== number) number.value = now / scale
    },
  }
}

/** The switches of the modes of a room. `act(act)` does something in the channel, `modes()` are those that are on. */
export const createModes = ({ act, modes: current }) => {
  const problem = create('p', { class: 'problem', role: 'alert' })

  const set = async (mode, value) => {
    problem.textContent = ''
    try {
      await act({ kind: 'set-mode', mode, value })
    } catch (error) {
      problem.textContent = wordsOf(error)
      show()
    }
  }

  const rows = modes.map((each) => row(each, set))
  const show = () => {
    for (const { mode, show: showRow } of rows) showRow(current().get(mode))
  }

  return {
    element: create(
      'details',
      { class: 'queue', open: '' },
      create('summary', {}, 'Modes of the room'),
      problem,
      create('ul', { class: 'modes' }, ...rows.map(({ element }) => element)),
    ),
    show,
  }
}
