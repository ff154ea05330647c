import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Rule } from '#libs/policy/policy.ts'
import { reasonOf, waitingFor, wordsOf } from './public/reasons.js'

/** What nothing that the page does is answered with. */
const elsewhere = new Set(
  `exists not_subscribed open nothing_due member_invalid role_not_assignable too_many_roles address_not_banned
   too_many_address_bans term_unfit pattern_unfit too_many_terms term_unknown quorum_unfit proposal_unknown approved_already
   not_editable emote_image_invalid slow_mode_out_of_range duration_out_of_range term_out_of_range not_marked
   mark_value_out_of_range too_many_messages ladder_unfit nuke_unfit nothing_to_nuke nuke_unknown
   bound_to_account not_offered renamed_lately poll_unfit unknown follows_already follows_not word_list_unfit`
    .split(/\s+/)
    .map((what) => `channel.${what}`)
    .concat('conversation.nothing_to_read', 'conversation.peer_invalid', 'conversation.forbidden'),
)

const documented = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
const codes = [...documented.matchAll(/^\| `((?:channel|conversation|image|platform)\.\w+)`/gm)].map(([, code]) => code)

test('whoever is refused is told why in words, and not by a code', () => {
  assert.ok(codes.length > 100)
  const detail = { remainingMs: 1000, tier: 1 }
  const wordless = codes.filter((code) => !elsewhere.has(code) && reasonOf(code, detail).includes(code))
  assert.deepEqual(wordless, [])
})

test('the author of a message is told by what kind of filter it was stopped', () => {
  const kinds = [...Rule.options.map(({ shape }) => shape.kind.value), 'blocked_term', 'low_trust']
  assert.ok(kinds.length > 10)
  const [refused, waiting] = [reasonOf('channel.filtered'), waitingFor()]
  assert.deepEqual(
    kinds.filter((kind) => reasonOf('channel.filtered', { kind }) === refused || waitingFor(kind) === waiting),
    [],
  )
  const timedOut = reasonOf('channel.filtered', { kind: 'links', remainingMs: 60_000 })
  assert.equal(
    timedOut,
    'A filter of this channel does not let it through: there is a link in it. You are timed out for 1 min.',
  )
})

test('what the page has no words for is told in the words of the server', () => {
  const error = Object.assign(new Error('No poll like that'), { code: 'channel.poll_unfit', problem: {} })
  assert.equal(wordsOf(error), 'No poll like that')
  assert.equal(wordsOf(new Error('Failed to fetch')), 'Failed to fetch')
})
