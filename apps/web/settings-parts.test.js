import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatOf, reviewWords } from './public/settings/bans-import.js'
import { settingsCalls } from './public/settings/calls.js'
import { nameFrom } from './public/settings/emote-upload.js'
import { reviewsOf } from './public/settings/pending-bans.js'
import { settledBy } from './public/settings/saving.js'

test('a list of bans is taken for what it is', () => {
  for (const [text, format] of [
    ['handle,reason\nbob,free skins', 'csv'],
    ['bob,spam', 'csv'],
    ['# mine, of last year\nbob\neve', 'lines'],
    ['/ban bob spam, and more', 'lines'],
    ['', 'lines'],
  ])
    assert.equal(formatOf(text), format, text)
})

test('before anybody is banned it is said whom a list names, and whom it does not', () => {
  assert.deepEqual(reviewWords({ found: 1, unknown: [], malformed: [] }), ['1 account of it is found here.'])
  const many = Array.from({ length: 23 }, (_, index) => `nobody_${index}`)
  const words = reviewWords({ found: 2, unknown: many, malformed: [3, 7] })
  assert.match(words[1], /nobody_19 and 3 more\.$/)
  assert.equal(words[2], 'Lines that could not be read: 3, 7.')
})

test('bans that were chosen are sent by their channels, a hundred at once', () => {
  const chosen = Array.from({ length: 205 }, (_, index) => ({ source: index === 0 ? '8' : '7', member: `${index}` }))
  const reviews = reviewsOf(chosen, true, 'spam')
  assert.deepEqual(
    reviews.map(({ source, members }) => [source, members.length]),
    [
      ['7', 100],
      ['7', 100],
      ['7', 4],
      ['8', 1],
    ],
  )
  assert.deepEqual(new Set(reviews.flatMap(({ members }) => members)).size, 205)
})

test('an emote is called by the name of its file', () => {
  assert.equal(nameFrom('cat jam (1).final.gif'), 'catjam1final')
})

test('all bans are exported however many pages they take, those of the erased left out', async () => {
  const header = 'handle,reason,member_id,since,until,origin\r\n'
  const pages = new Map([
    [undefined, `${header}bob,"sells, loudly",7,2026-01-01T00:00:00Z,,\r\neve,,9,2026-01-01T00:00:00Z,,42\r\n`],
    ['9', `${header}dan,,12,2026-01-01T00:00:00Z,2027-01-01T00:00:00Z,\r\n`],
    ['12', header],
  ])
  const read = async (_path, { after }) => new Blob([pages.get(after)])
  const table = await (await settingsCalls({ read }).exportBans('1')).text()
  assert.deepEqual(
    table.split('\r\n').map((row) => row.split(',')[0]),
    ['handle', 'bob', 'eve', 'dan', ''],
  )
})

/** A command that the server has not decided while it waited, and what is said of it each time that it is asked for. */
const undecided = (t, outcomes) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const told = []
  const work = async () => {
    throw Object.assign(new Error('pending'), { code: 'command.pending', problem: { commandId: 'c' } })
  }
  const api = { outcome: async (command) => told.push(command) && outcomes.shift() }
  const settled = settledBy(api, work, () => told.push('pending'))
  const asked = async (times) => {
    for (let time = 0; time < times; time++) {
      await new Promise(setImmediate)
      t.mock.timers.tick(2_000)
    }
  }
  return { settled, told, asked }
}

test('what is not decided in time is told as that, and waited for', async (t) => {
  const { settled, told, asked } = undecided(t, [undefined, { status: 'accepted', position: 'p' }])
  await asked(2)
  assert.deepEqual(await settled, { position: 'p' })
  assert.deepEqual(told, ['pending', 'c', 'c'])
})

test('what is refused late is told as refused, and what nobody knows of as that', async (t) => {
  const refusal = { status: 'rejected', code: 'channel.version_conflict', context: {} }
  const refused = undecided(t, [refusal])
  const rejection = assert.rejects(refused.settled, { code: 'channel.version_conflict', message: /Somebody else/ })
  await refused.asked(1)
  await rejection
  t.mock.timers.reset()
  const unknown = undecided(t, [])
  const nobody = assert.rejects(unknown.settled, /nobody knows yet/)
  await unknown.asked(15)
  await nobody
})

test('what failed otherwise is not waited for', async () => {
  const error = new Error('no')
  const fail = async () => {
    throw error
  }
  await assert.rejects(settledBy({}, fail, assert.fail), error)
})
