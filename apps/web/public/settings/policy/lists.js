import { button, create } from '../../dom.js'
import { areFit, labelled } from '../fields.js'
import { areaOf, linesOf } from './fields.js'

/** The word lists of a policy, which filters count by their names. `onChange(names)`: there is one more, or one less. */
export const createLists = ({ onChange }) => {
  let lists = new Map()
  const rows = create('div', { class: 'fields' })
  const name = labelled(
    { label: 'Name of a new list', help: 'Small letters and digits, with . or - between: slurs.en' },
    create('input', { maxlength: '64', pattern: '[a-z0-9]+([.\\-][a-z0-9]+)*', required: '', autocomplete: 'off' }),
  )
  const add = button('Add the list', () => {
    const given = name.control.value.trim()
    if (!areFit([name])) return
    if (lists.has(given)) return name.tell('There is a list of that name.')
    put(given, [])
    name.control.value = ''
    onChange([...lists.keys()])
    lists.get(given).part.control.focus()
  })
  // It is a part of no form, so that Enter sends nothing else.
  name.control.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add.click()
  })
  const element = create(
    'details',
    { class: 'further' },
    create('summary', {}, 'Word lists'),
    create(
      'p',
      { class: 'explains' },
      'Words that several filters count: written once, and chosen there by the list’s name.',
    ),
    rows,
    create('div', { class: 'adds' }, name.element, add),
  )

  const put = (given, terms) => {
    const part = labelled({ label: given, help: 'One word or phrase a line.' }, areaOf(terms))
    const drop = button('Remove the list', () => {
      lists.delete(given)
      row.remove()
      onChange([...lists.keys()])
      add.focus()
    })
    drop.setAttribute('aria-label', `Remove the list ${given}`)
    const row = create('div', { class: 'list' }, part.element, drop)
    lists.set(given, { part })
    rows.append(row)
  }

  return {
    element,
    names: () => [...lists.keys()],
    set: (given) => {
      lists = new Map()
      rows.replaceChildren()
      for (const [each, terms] of Object.entries(given)) put(each, terms)
    },
    read: () => Object.fromEntries([...lists].map(([each, { part }]) => [each, linesOf(part.control.value)])),
    clear: () => {
      for (const { part } of lists.values()) part.tell()
    },
    /** Tells what is wrong at a path within the lists. @returns what the focus may go to */
    wrong: ([given, index], message) => {
      element.open = true
      const part = lists.get(given)?.part ?? name
      const line = index === undefined ? undefined : linesOf(part.control.value)[Number(index)]
      part.tell(line === undefined ? message : `“${line}”: ${message}`)
      return part.control
    },
  }
}
