import { create } from '../dom.js'
import { wordsOf } from '../reasons.js'

let made = 0
const nextId = () => `setting-${++made}`

const helpOf = (id, help) => (help ? [create('p', { class: 'help', id: `${id}-help` }, help)] : [])

/**
 * A control under its label, with a line of help and room for what is wrong with it; `unit` stands behind it. `tell(words)`
 * says what is wrong, nothing takes it away.
 */
export const labelled = ({ label, help, unit }, control) => {
  const id = nextId()
  control.id = id
  const problem = create('p', { class: 'problem', id: `${id}-problem`, hidden: '' })
  control.setAttribute('aria-describedby', `${help ? `${id}-help ` : ''}${problem.id}`)
  const isCheckbox = control.type === 'checkbox'
  const name = isCheckbox
    ? create('label', { class: 'check' }, control, create('span', {}, label))
    : create('label', { for: id }, label)
  const place = unit ? create('span', { class: 'measure' }, control, create('span', {}, unit)) : control
  const element = create('div', { class: 'field' }, name, ...helpOf(id, help), ...(isCheckbox ? [] : [place]), problem)
  return {
    element,
    control,
    tell: (words) => {
      problem.textContent = words ?? ''
      problem.hidden = !words
      if (words) control.setAttribute('aria-invalid', 'true')
      else control.removeAttribute('aria-invalid')
    },
  }
}

/** Several controls that belong together, under a heading of their own. */
export const grouped = ({ label, help }, ...children) =>
  create('fieldset', { class: 'field' }, create('legend', {}, label), ...helpOf(nextId(), help), ...children)

/** A select of `options`, an object of words by value. */
export const selectOf = (options, value) => {
  const select = create(
    'select',
    {},
    ...Object.entries(options).map(([key, words]) => create('option', { value: key }, words)),
  )
  if (value !== undefined) select.value = value
  return select
}

/** What a browser finds wrong with fields before anything is sent, told beside each. @returns whether nothing is */
export const areFit = (fields) => {
  const unfit = fields.filter(({ control, tell }) => {
    tell(control.checkValidity() ? undefined : control.validationMessage)
    return !control.checkValidity()
  })
  unfit[0]?.control.focus()
  return unfit.length === 0
}

/**
 * Tells beside `fields`, by their names in the body that was sent, what a server found wrong with it. `codes` are names of
 * fields by the codes of rejections that are about one.
 * @returns words for the rest: none where all of it is told there, undefined where nothing is
 */
export const tellBeside = (error, fields, codes = {}) => {
  const named = (error.problem?.violations ?? []).map(({ at, message }) => [at.split('/')[1], message])
  const found = codes[error.code] ? [[codes[error.code], wordsOf(error)]] : named
  const told = found.filter(([name]) => fields[name])
  for (const [name, words] of told) fields[name].tell(words)
  if (told[0]) fields[told[0][0]].control.focus()
  return found.length > 0 && told.length === found.length ? '' : undefined
}
