import { create } from '../../dom.js'
import { grouped, labelled, selectOf } from '../fields.js'
import { measure, severities } from './fields.js'

const MINUTE_MS = 60_000

const verdicts = {
  reject: 'Refuse the message',
  hold: 'Hold it for a moderator',
  time_out: 'Refuse it, and time the author out',
  allow: 'Let it through, and ask no filter below',
}

/** What a filter does, in a word. */
export const verdictWords = { reject: 'refuses', hold: 'holds', time_out: 'times out', allow: 'lets through' }

/** Roles as people call them; those that a policy leaves alone at first are the upper five. */
export const roleWords = {
  platform_admin: 'Staff of the platform',
  broadcaster: 'The broadcaster',
  lead_moderator: 'Lead moderators',
  moderator: 'Moderators',
  bot: 'Bots',
  vip: 'VIPs',
  member: 'Everybody else',
}

/** Checkboxes of roles. `none` is who has no account, and nobody in a chat: it stays as it is. */
export const roleBoxes = (chosen) => {
  const boxes = Object.entries(roleWords).map(([role, words]) => {
    const box = create('input', { type: 'checkbox' })
    box.checked = chosen.includes(role)
    return { role, box, element: create('label', { class: 'check' }, box, create('span', {}, words)) }
  })
  const kept = chosen.filter((role) => !Object.hasOwn(roleWords, role))
  return {
    element: create('div', { class: 'checks' }, ...boxes.map(({ element }) => element)),
    read: () => [...boxes.flatMap(({ role, box }) => (box.checked ? role : [])), ...kept],
  }
}

/** What becomes of a message: the verdict, of phrases also by severity, and how long a timeout is. */
export const outcome = (rule) => {
  const verdict = labelled({ label: 'What becomes of the message' }, selectOf(verdicts, rule.verdict))
  const minutes = labelled(
    { label: 'Length of the timeout', unit: 'minutes' },
    create('input', { type: 'number', min: '0.02', max: '20160', step: 'any', required: '' }),
  )
  const timeout = measure(minutes.control, rule.timeoutMs, MINUTE_MS)
  const graded = rule.verdicts
    ? Object.entries(severities).map(([level, label]) => {
        const options = { '': 'The same as above', ...verdicts }
        return { level, ...labelled({ label: `${label}: instead` }, selectOf(options, rule.verdicts[level] ?? '')) }
      })
    : []
  const selects = [verdict, ...graded]
  const show = () => {
    minutes.element.hidden = !selects.some(({ control }) => control.value === 'time_out')
    minutes.control.disabled = minutes.element.hidden
  }
  const element = create('div', { class: 'fields' }, ...[...selects, minutes].map((each) => each.element))
  element.addEventListener('change', show)
  show()
  const chosen = () => graded.filter(({ control }) => control.value !== '')
  return {
    element,
    parts: [...selects, minutes],
    read: () => ({
      verdict: verdict.control.value,
      timeoutMs: timeout(),
      ...(rule.verdicts && {
        verdicts: Object.fromEntries(chosen().map(({ level, control }) => [level, control.value])),
      }),
    }),
    place: ([first, level], message) => {
      if (first === 'timeoutMs') return { part: minutes, words: message }
      if (first === 'verdict') return { part: verdict, words: message }
      const part = graded.find((each) => each.level === level) ?? verdict
      return first === 'verdicts' ? { part, words: message } : undefined
    },
    lists: () => {},
  }
}

/** Whether it counts, what it is called in the log, and whom it leaves alone. */
export const standing = (rule) => {
  const mode = labelled(
    { label: 'How it counts', help: 'On trial it stops nothing: the log says what it would have done.' },
    selectOf({ enforced: 'In force', shadow: 'On trial' }, rule.mode),
  )
  const id = labelled(
    { label: 'Its name in the log', help: 'Small letters and digits, with . _ or - between.' },
    create('input', { required: '', maxlength: '64', pattern: '[a-z0-9]+([._\\-][a-z0-9]+)*', autocomplete: 'off' }),
  )
  id.control.value = rule.id
  const own = labelled({ label: 'It leaves others alone than the rest do' }, create('input', { type: 'checkbox' }))
  own.control.checked = rule.exempt !== undefined
  const roles = roleBoxes(rule.exempt ?? [])
  const group = grouped({ label: 'It leaves alone' }, roles.element)
  const show = () => {
    group.hidden = !own.control.checked
  }
  own.control.addEventListener('change', show)
  show()
  const parts = { mode, id, exempt: own }
  return {
    element: create('div', { class: 'fields' }, mode.element, id.element, own.element, group),
    parts: Object.values(parts),
    read: () => ({
      mode: mode.control.value,
      id: id.control.value.trim(),
      exempt: own.control.checked ? roles.read() : undefined,
    }),
    place: ([first], message) => (parts[first] ? { part: parts[first], words: message } : undefined),
    lists: () => {},
  }
}
