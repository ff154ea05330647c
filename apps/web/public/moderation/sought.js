import { button, create } from '../dom.js'
import { createQueue } from '../queue.js'
import { wordsOf } from '../reasons.js'

/** An input of a form by which something is looked for: { name, words, … }, the rest are its attributes. */
const field = ({ name, words, ...attributes }) =>
  create('input', { name, 'aria-label': words, placeholder: words, autocomplete: 'off', ...attributes })

/**
 * A queue whose entries are looked for by a form. `fields` are its inputs; `sought(values)` makes of what was typed what
 * `load(sought, position, most)` is given, and may reject; without a form sent in it is given `first`, and nothing is
 * loaded where there is none.
 */
export const createSought = ({ fields, sought, first, load, ...queue }) => {
  let asked = first
  const part = createQueue({
    ...queue,
    // What nobody looks at is not read.
    load: async (position, most) => (asked && part.element.open ? load(asked, position, most) : []),
  })
  part.element.addEventListener('toggle', () => {
    if (part.element.open) part.refresh()
  })
  const problem = create('p', { class: 'problem', role: 'alert' })
  const form = create('form', { class: 'asks', role: 'search', 'aria-label': queue.title }, ...fields.map(field))
  form.append(button('Look', () => {}, { type: 'submit' }))

  const ask = async (values) => {
    problem.textContent = ''
    try {
      asked = await sought(values)
      await part.refresh()
    } catch (error) {
      problem.textContent = wordsOf(error)
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    ask(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()])))
  })
  part.element.querySelector('summary').after(form, problem)

  return {
    ...part,
    /** As if it had been typed: values by the names of the fields. */
    ask: (values) => {
      for (const input of form.elements) if (input.name) input.value = values[input.name] ?? ''
      part.open()
      return ask(values)
    },
  }
}
