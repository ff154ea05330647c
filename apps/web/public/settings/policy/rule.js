import { button, create } from '../../dom.js'
import { areFit } from '../fields.js'
import { kinds } from './kinds.js'
import { outcome, standing, verdictWords } from './outcomes.js'

/**
 * One filter: a line that says what it does, and its fields when that is opened. `names` are the word lists there are;
 * `move(card, step)` and `remove(card)` are asked for by its buttons.
 */
export const createRule = ({ rule, names, move, remove }) => {
  const { title, fields: made, says } = kinds[rule.kind]
  const fields = [...made, outcome, standing].map((field) => field(rule))
  for (const field of fields) field.lists(names)
  const parts = () => fields.flatMap((field) => field.parts)

  const verdict = create('span', { class: 'badge' })
  const trial = create('span', { class: 'badge' }, 'on trial')
  const what = create('span', { class: 'what' })
  const problem = create('p', { class: 'problem', role: 'alert', hidden: '' })
  const summary = create('summary', {}, create('strong', {}, title), what, verdict, trial)
  const [up, down] = [
    ['Move up', -1],
    ['Move down', 1],
  ].map(([words, step]) => button(words, () => move(card, step)))
  const drop = button('Remove', () => remove(card))
  const details = create(
    'details',
    {},
    summary,
    create(
      'div',
      { class: 'body' },
      problem,
      ...fields.map(({ element }) => element),
      create('div', { class: 'buttons' }, up, down, drop),
    ),
  )
  const element = create('li', { class: 'rule' }, details)

  const value = () => Object.assign({}, rule, ...fields.map((field) => field.read()))

  const show = () => {
    const now = value()
    what.textContent = says(now)
    verdict.textContent = verdictWords[now.verdict]
    verdict.dataset.verdict = now.verdict
    trial.hidden = now.mode !== 'shadow'
    for (const [each, words] of [
      [up, 'Move up'],
      [down, 'Move down'],
      [drop, 'Remove'],
    ])
      each.setAttribute('aria-label', `${words}: ${title}, ${now.id}`)
  }

  const tell = (words) => {
    problem.textContent = words ?? ''
    problem.hidden = !words
  }

  const clear = () => {
    tell()
    for (const part of parts()) part.tell()
  }

  const card = {
    element,
    id: () => value().id,
    value,
    show,
    clear,
    open: () => {
      details.open = true
    },
    focus: () => summary.focus(),
    /** Whether a browser finds nothing wrong with it; else that is told, in the open. */
    isFit: () => {
      const isFit = parts().every(({ control }) => control.checkValidity())
      if (isFit) return true
      details.open = true
      return areFit(parts())
    },
    /** Where it stands among the others: what cannot be moved further has no button for it. */
    stands: (isFirst, isLast) => {
      up.disabled = isFirst
      down.disabled = isLast
    },
    lists: (now) => {
      for (const field of fields) field.lists(now)
    },
    /** Tells what is wrong at a path within the filter. @returns what the focus may go to */
    wrong: (path, message) => {
      details.open = true
      const found = fields.map((field) => field.place(path, message)).find(Boolean)
      if (!found) {
        tell(path.length > 0 ? `${path.join(' ')}: ${message}` : message)
        return summary
      }
      found.part.tell(found.words)
      return found.part.control
    },
  }
  show()
  return card
}
