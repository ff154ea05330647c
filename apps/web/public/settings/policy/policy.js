import { button, create } from '../../dom.js'
import { wait } from '../../wait.js'
import { selectOf } from '../fields.js'
import { createTold } from '../saving.js'
import { kinds, newRule, starters } from './kinds.js'
import { createLists } from './lists.js'
import { roleBoxes } from './outcomes.js'
import { createRule } from './rule.js'
import { drawTrial } from './trial.js'

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const WEEK_MS = 7 * 86_400_000
const LOOK_MS = 250
const LOOKS = 20

const nothing = {
  format: 1,
  exempt: ['platform_admin', 'broadcaster', 'lead_moderator', 'moderator', 'bot'],
  lists: {},
  rules: [],
}

/**
 * The filters that every message goes through: read, changed and saved as one, over the version that they were made from.
 * `onShow(id)` shows what was said around a message; `now()` is the server's time.
 */
export const createPolicy = ({ api, channelId, names, now, onShow }) => {
  let version = 0
  /** The version over which a save was refused: what is read may be behind it for a moment. */
  let standing = 0
  let saved = ''
  let document = nothing
  let cards = []
  let exempt = roleBoxes(nothing.exempt)

  const told = createTold(api)
  const state = create('p', { class: 'explains' })
  const list = create('ol', { class: 'rules' })
  const none = create(
    'div',
    { class: 'empty', hidden: '' },
    create('p', {}, 'There are no filters yet: every message goes through.'),
    button('Begin with what suits most channels', () => {
      for (const [kind, given] of starters) put(newRule(kind, taken(), given))
      changed()
      cards[0].focus()
    }),
  )
  const choice = selectOf(
    Object.fromEntries(Object.entries(kinds).map(([kind, { title, about }]) => [kind, `${title}: ${about}`])),
  )
  choice.setAttribute('aria-label', 'Kind of the new filter')
  const add = button('Add a filter', () => {
    const card = put(newRule(choice.value, taken()))
    changed()
    card.open()
    card.element.scrollIntoView({ block: 'nearest' })
    card.focus()
  })
  const lists = createLists({
    onChange: (given) => {
      for (const card of cards) card.lists(given)
      changed()
    },
  })
  const roles = create('div')
  const further = create(
    'details',
    { class: 'further' },
    create('summary', {}, 'Who is left alone'),
    create(
      'p',
      { class: 'explains' },
      'What these people write is asked of no filter, unless a filter says otherwise itself.',
    ),
    roles,
  )
  const reason = create('input', {
    maxlength: '512',
    placeholder: 'Why: for the log',
    'aria-label': 'Why: for the log',
  })
  const save = create('button', { type: 'submit', class: 'primary', disabled: '' }, 'Save')
  const drop = button('Drop my changes', () =>
    told.attempt(() => read(), { says: () => 'This is what stands now.', controls: [drop] }),
  )
  const tryOut = button('Try it on the last week', () => attemptTrial())
  const result = create('section', {
    class: 'result',
    'aria-label': 'What it would have done',
    tabindex: '-1',
    hidden: '',
  })

  const taken = () => cards.map((card) => card.id())
  const read = async (position) => {
    let found = await api.policy(channelId(), position)
    for (let looks = 1; found.version < standing && looks < LOOKS; looks++) {
      await wait(LOOK_MS)
      found = await api.policy(channelId())
    }
    draw(found)
  }

  const value = () => ({
    ...document,
    exempt: exempt.read(),
    lists: lists.read(),
    rules: cards.map((card) => card.value()),
  })
  const isDirty = () => JSON.stringify(value()) !== saved

  const changed = () => {
    none.hidden = cards.length > 0
    for (const [index, card] of cards.entries()) {
      card.stands(index === 0, index === cards.length - 1)
      card.show()
    }
    const dirty = isDirty()
    save.disabled = !dirty
    drop.hidden = !dirty
    tryOut.disabled = cards.length === 0
  }

  const put = (rule) => {
    const card = createRule({ rule, names: lists.names(), move, remove })
    cards.push(card)
    list.append(card.element)
    return card
  }

  const move = (card, step) => {
    const to = cards.indexOf(card) + step
    cards.splice(cards.indexOf(card), 1)
    cards.splice(to, 0, card)
    list.insertBefore(card.element, list.children[step > 0 ? to + 1 : to] ?? null)
    changed()
    card.focus()
  }

  const remove = (card) => {
    const at = cards.indexOf(card)
    cards = cards.filter((each) => each !== card)
    card.element.remove()
    changed()
    const next = cards[Math.min(at, cards.length - 1)]
    if (next) next.focus()
    else choice.focus()
  }

  const draw = (found) => {
    version = found.version
    document = { ...nothing, ...found.policy }
    exempt = roleBoxes(document.exempt)
    roles.replaceChildren(exempt.element)
    lists.set(document.lists)
    cards = []
    list.replaceChildren()
    result.hidden = true
    for (const rule of document.rules) put(rule)
    saved = JSON.stringify(value())
    state.replaceChildren(
      ...(found.setBy
        ? ['Set last by ', names.text(found.setBy), ` on ${moment.format(Date.parse(found.setAt))}.`]
        : []),
    )
    changed()
  }

  /** What a server found wrong, each where it stands. @returns words for what is about all of it */
  const onError = (error) => {
    if (error.code === 'channel.version_conflict') standing = error.problem?.context?.version ?? 0
    const rest = []
    const foci = []
    for (const { at, message } of error.problem?.violations ?? []) {
      const [where, ...path] = at.split('/').slice(2)
      const card = where === 'rules' ? cards[Number(path[0])] : undefined
      if (card) foci.push(card.wrong(path.slice(1), message))
      else if (where === 'lists') foci.push(lists.wrong(path, message))
      else rest.push(`The filters together: ${message}.`)
    }
    foci[0]?.focus()
    return rest.length > 0 ? rest.join(' ') : undefined
  }

  const clear = () => {
    lists.clear()
    for (const card of cards) card.clear()
  }

  const isFit = () => {
    clear()
    const unfit = cards.find((card) => !card.isFit())
    if (unfit) told.tell('Something is missing, or out of bounds: see where it is marked.', true)
    return !unfit
  }

  const attemptTrial = async () => {
    if (!isFit()) return
    const since = new Date(now() - WEEK_MS).toISOString()
    const found = await told.attempt(() => api.tryPolicy(channelId(), value(), since), {
      says: () => '',
      controls: [tryOut],
      onError,
    })
    if (!found) return
    result.replaceChildren(create('h4', {}, 'What it would have done'), ...drawTrial(found, { onShow }))
    result.hidden = false
    result.scrollIntoView({ block: 'nearest' })
    result.focus()
  }

  const form = create(
    'form',
    { class: 'policy', 'aria-label': 'Filters', novalidate: '' },
    state,
    none,
    list,
    create('div', { class: 'adds' }, choice, add),
    lists.element,
    further,
    result,
    create(
      'div',
      { class: 'saves' },
      create('div', { class: 'buttons' }, reason, save),
      create('div', { class: 'buttons' }, tryOut, drop),
      told.element,
    ),
  )
  form.addEventListener('input', changed)
  form.addEventListener('change', changed)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (!isFit()) return
    const asked = { policy: value(), reason: reason.value.trim() || undefined }
    const done = await told.attempt(() => api.setPolicy(channelId(), version, asked), {
      after: ({ position }) => read(position),
      says: () => 'Saved: it counts from now on.',
      controls: [save],
      onError,
    })
    if (done) reason.value = ''
    changed()
  })

  return {
    element: form,
    /** As it stands, unless somebody is changing it just now. */
    show: async () => {
      if (saved === '' || !isDirty()) await read()
    },
  }
}
