import { create } from '../../dom.js'
import { grouped, labelled, selectOf } from '../fields.js'

/**
 * Fields of a filter. Each is made for the filter as it stands, and has: element, parts (labelled controls), read() (what it
 * makes of the filter), place(path, message) (the part that a path within the filter is about, with the words for it),
 * lists(names) (the word lists of the policy are these).
 */
const one = (name, part, read, words = (_rest, message) => message) => ({
  element: part.element,
  parts: [part],
  read: () => ({ [name]: read() }),
  place: ([first, ...rest], message) => (first === name ? { part, words: words(rest, message) } : undefined),
  lists: () => {},
})

export const linesOf = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** What is wrong with one line of several names the line. */
const ofLine =
  (items) =>
  ([index], message) =>
    index === undefined ? message : `“${items()[Number(index)] ?? ''}”: ${message}`

export const areaOf = (items, attributes) => {
  const area = create('textarea', {
    rows: '3',
    spellcheck: 'false',
    autocapitalize: 'none',
    autocomplete: 'off',
    ...attributes,
  })
  area.value = items.join('\n')
  return area
}

/** Several of one kind, one a line. */
export const lines = (name, label, help, attributes) => (rule) => {
  const part = labelled({ label, help }, areaOf(rule[name] ?? [], attributes))
  const items = () => linesOf(part.control.value)
  return one(name, part, items, ofLine(items))
}

const shown = (value, scale) => String(Number((value / scale).toFixed(4)))
const meant = (value, scale) => (scale < 1 ? Number((value * scale).toFixed(6)) : Math.round(value * scale))

/** Shows a value in units of `scale`. @returns what reads it: what nobody has changed is what it was, however it is shown */
export const measure = (control, value, scale) => {
  control.value = shown(value, scale)
  return () => (control.value === shown(value, scale) ? value : meant(control.valueAsNumber, scale))
}

/** A number of `unit`, each of which is `scale` of what the policy has. */
export const number =
  (name, label, { help, unit, scale = 1, min, max, step = 'any' }) =>
  (rule) => {
    const control = create('input', { type: 'number', min, max, step, required: '' })
    return one(name, labelled({ label, help, unit }, control), measure(control, rule[name], scale))
  }

export const choice = (name, label, help, options) => (rule) => {
  const part = labelled({ label, help }, selectOf(options, rule[name]))
  return one(name, part, () => part.control.value)
}

export const check = (name, label, help) => (rule) => {
  const part = labelled({ label, help }, create('input', { type: 'checkbox' }))
  part.control.checked = rule[name]
  return one(name, part, () => part.control.checked)
}

/** Words, left out where there are none. */
export const words = (name, label, help, attributes) => (rule) => {
  const part = labelled({ label, help }, create('input', { autocomplete: 'off', ...attributes }))
  part.control.value = rule[name] ?? ''
  return one(name, part, () => part.control.value.trim() || undefined)
}

export const severities = { 1: 'Mild', 2: 'Bad', 3: 'Worst' }
const severity = (words, value) => selectOf(words, String(value))

/** Phrases by severity, a field of lines for each. */
export const phrases = () => (rule) => {
  const parts = Object.entries(severities).map(([level, label]) => {
    const own = (rule.phrases ?? []).filter((phrase) => phrase.severity === Number(level))
    const part = labelled(
      {
        label: `${label} words and phrases`,
        help: level === '1' ? 'One a line, found in disguise too: fr33 sk1ns.' : undefined,
      },
      areaOf(own.map(({ text }) => text)),
    )
    return { part, level: Number(level), items: () => linesOf(part.control.value) }
  })
  const all = () => parts.flatMap(({ part, level, items }) => items().map((text) => ({ part, text, severity: level })))
  return {
    element: create('div', { class: 'fields' }, ...parts.map(({ part }) => part.element)),
    parts: parts.map(({ part }) => part),
    read: () => ({ phrases: all().map(({ text, severity: level }) => ({ text, severity: level })) }),
    place: ([first, index], message) => {
      if (first !== 'phrases') return undefined
      const found = all()[Number(index)]
      return found
        ? { part: found.part, words: `“${found.text}”: ${message}` }
        : { part: parts[0].part, words: message }
    },
    lists: () => {},
  }
}

/** Which word lists of the policy count here; `entryOf(name, control)` makes of a control what stands for it, or undefined. */
const listed =
  ({ controlOf, entryOf }) =>
  (rule) => {
    let controls = new Map()
    const none = create('p', { class: 'help' }, 'There are no word lists yet: they are written below the filters.')
    const rows = create('div')
    const element = grouped({ label: 'Word lists that count here' }, none, rows)
    const read = () => ({ lists: [...controls].flatMap(([name, { control }]) => entryOf(name, control) ?? []) })
    const field = {
      element,
      parts: [],
      read,
      place: ([first], message) => {
        const part = field.parts[0]
        return first === 'lists' && part ? { part, words: message } : undefined
      },
      lists: (names) => {
        const now = controls.size === 0 ? rule : read()
        controls = new Map(names.map((name) => [name, labelled({ label: name }, controlOf(name, now.lists ?? []))]))
        field.parts = [...controls.values()]
        rows.replaceChildren(...field.parts.map(({ element: row }) => row))
        none.hidden = names.length > 0
      },
    }
    return field
  }

export const lists = () =>
  listed({
    controlOf: (name, chosen) => {
      const control = create('input', { type: 'checkbox' })
      control.checked = chosen.includes(name)
      return control
    },
    entryOf: (name, { checked }) => (checked ? [name] : undefined),
  })

export const gradedLists = () =>
  listed({
    controlOf: (name, chosen) =>
      severity({ '': 'does not count', ...severities }, chosen.find(({ list }) => list === name)?.severity ?? ''),
    entryOf: (name, { value }) => (value === '' ? undefined : [{ list: name, severity: Number(value) }]),
  })
