import assert from 'node:assert/strict'
import { test } from 'node:test'

/** As much of an element as the card of a member takes. */
const made = (name) => {
  let children = []
  const listeners = {}
  const element = {
    name,
    listeners,
    setAttribute: (key, value) => {
      element[key] = value
    },
    append: (...added) => children.push(...added),
    replaceChildren: (...others) => {
      children = others
    },
    addEventListener: (type, listener) => {
      listeners[type] = listener
    },
    querySelectorAll: () => [],
    scrollIntoView: () => {},
    focus: () => {},
    reset: () => {},
    get firstChild() {
      return children[0]
    },
    get textContent() {
      return children.map((child) => child.textContent ?? child).join('')
    },
    set textContent(words) {
      children = words === '' ? [] : [words]
    },
    all: () => [element, ...children.flatMap((child) => child.all?.() ?? [])],
  }
  return element
}
globalThis.document = { createElement: made }
const { createMember } = await import('./public/moderation/member.js')

/** The card, and a member of whom something was said; `act` is what is done about them. */
const start = (t, act) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const said = { id: 'm', at: '2026-01-02T03:04:05Z', author: { name: 'ada' }, text: 'secret words', deleted: true }
  const api = {
    marksOf: async () => [{ mark: 'ban', until: null, reason: 'a grave reason', addresses: 0 }],
    log: async () => ({ entries: [] }),
    search: async () => ({ entries: [said] }),
    roles: async () => [],
    alts: async () => [{ memberId: '7', altId: '9', actorId: '1', evidence: 'a telling clue', since: said.at }],
    moderationSettings: async () => ({}),
  }
  return createMember({
    ...{ api, act, channelId: () => '1', names: { text: (id) => id }, now: () => 0 },
    ...{ timeouts: () => new Map(), leads: () => false, onShow: () => {} },
  })
}

const lifts = (card) => card.element.all().find((each) => each.name === 'button' && each.textContent === 'Lift')
const shown = (card) => card.element.textContent

test('nothing that was known of a member stays in the page once their card is closed', async (t) => {
  const card = start(t, async () => ({}))
  await card.look({ id: '7', name: 'ada' })
  assert.match(shown(card), /ada.*a grave reason.*a telling clue.*secret words/)
  card.close()
  assert.doesNotMatch(shown(card), /ada|grave|clue|secret/)
  assert.equal(card.element.hidden, true)
})

test('what is done about a member while the card is closed, or shows another, tells nothing there', async (t) => {
  const answers = []
  const card = start(t, () => new Promise((resolve, reject) => answers.push({ resolve, reject })))
  const lifted = async () => lifts(card).listeners.click()
  await card.look({ id: '7', name: 'ada' })
  const asked = [lifted(), lifted()]
  card.close()
  answers[0].resolve({ position: 'p' })
  await asked[0]
  assert.doesNotMatch(shown(card), /undefined|grave/)
  await card.look({ id: '8', name: 'bob' })
  answers[1].reject(new Error('it was refused'))
  await asked[1]
  assert.match(shown(card), /bob/)
  assert.doesNotMatch(shown(card), /refused/)
})
