import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { parsePolicy } from '#libs/policy/parse.ts'
import { happened, stubSeal, t0 } from '#libs/testing/specification.ts'
import {
  broadcaster,
  channelId,
  created,
  given,
  lead,
  logged,
  moderator,
  posted,
  staffed,
  viewer,
  vip,
} from '../channel.fixtures.ts'
import { channelDecider } from '../decider.ts'
import type { ChannelDraft } from '../events.ts'
import { classificationFacts } from '../policy/classification.ts'

type Rules = readonly Readonly<Record<string, unknown>>[]

const fileOf = (rules: Rules): string => JSON.stringify({ format: 1, rules })

const textOf = (rules: Rules): string => {
  const parsed = parsePolicy(fileOf(rules))
  assert.ok(parsed.ok)
  return parsed.text
}

const policySet = (rules: Rules, version = 1): ChannelDraft => ({
  type: 'PolicySet',
  actor: broadcaster,
  version,
  policy: textOf(rules),
})

const post = (text: string) => ({ type: 'PostMessage', ...channelAbsent.PostMessage, text }) as const
const withRules = (...rules: Rules) => given([...staffed, policySet(rules)])
const byRule = { actor: '0', member: viewer, messageId: 'when', policyVersion: 1 }

const terms = { id: 'words', kind: 'terms', terms: ['bad'] }
const message = posted({ seq: 6, text: 'hi' })

/** What the rule had before it, for whoever looks into it later. */
const kept = (text: string): ChannelDraft => ({
  type: 'EvidenceKept',
  messageId: 'when',
  messageSeq: 5,
  author: viewer,
  authorName: 'Viewer',
  text,
  postedAt: t0,
  named: true,
})

test('a policy is set by who leads the channel, with its version, and written in its canonical form', () => {
  for (const principal of [broadcaster, lead])
    given(staffed)
      .when({ type: 'SetPolicy', policy: fileOf([terms]), reason: 'raid' }, { principal })
      .then(
        [
          { type: 'PolicySet', actor: principal, version: 1, policy: textOf([terms]) },
          logged({ actor: principal, action: 'set_policy', reason: 'raid', policyVersion: 1 }),
        ],
        { moderationSeq: 1, version: 1 },
      )
  given(staffed)
    .when({ type: 'SetPolicy', policy: fileOf([terms]), reason: null }, { principal: moderator })
    .thenRejected({ code: 'channel.forbidden', action: 'set_policy' })
})

test('a policy that cannot run is refused, with the place of what is wrong', () => {
  given(staffed)
    .when(
      { type: 'SetPolicy', policy: fileOf([{ id: 'p', kind: 'patterns', patterns: ['('] }]), reason: null },
      { principal: broadcaster },
    )
    .thenRejected({ code: 'channel.policy_invalid', at: 'rules.0.patterns.0' })
})

test('a policy with more steps than are taken now judges on, where it was taken once', () => {
  const heavy = { id: 'p', kind: 'patterns', patterns: ['a{500}', 'b{500}', 'c{500}'], exempt: [] }
  given(staffed)
    .when({ type: 'SetPolicy', policy: fileOf([heavy]), reason: null }, { principal: broadcaster })
    .thenRejected({ code: 'channel.policy_invalid', at: 'rules.0.patterns' })
  const since: ChannelDraft = { type: 'PolicySet', actor: broadcaster, version: 1, policy: fileOf([heavy]) }
  given([...staffed, since])
    .when(post('b'.repeat(500)))
    .thenRejected({ code: 'channel.filtered', kind: 'patterns' })
})

test('the policy that is there already is not set again, and one that changed meanwhile is not overwritten', () => {
  const again = { type: 'SetPolicy', policy: fileOf([terms]), reason: null } as const
  withRules(terms).when(again, { principal: broadcaster }).thenRejected({ code: 'channel.policy_unchanged' })
  withRules(terms)
    .when({ ...again, policy: null }, { principal: broadcaster, expectedVersion: 0 })
    .thenRejected({ code: 'channel.version_conflict', version: 1 })
  withRules(terms)
    .when({ ...again, policy: null }, { principal: broadcaster, expectedVersion: 1 })
    .then([
      { type: 'PolicySet', actor: broadcaster, version: 2, policy: null },
      logged({ actor: broadcaster, action: 'set_policy', policyVersion: 2 }),
    ])
})

test('the author is told by what kind of rule a message was rejected', () => {
  withRules(terms).when(post('too bad')).thenRejected({ code: 'channel.filtered', kind: 'terms' })
  withRules(terms).when(post('hi')).then([message])
  withRules(terms)
    .when(post('too bad'), { principal: moderator, facts: {} })
    .then([posted({ seq: 6, author: moderator, authorName: moderator, text: 'too bad', role: 'moderator' })])
})

/** The message, as it waits by a rule of a filter. */
const waits = (text: string, rule: string, label: string | null = null): ChannelDraft => {
  const {
    seq: _,
    type: __,
    seenBy: ___,
    fingerprint: ____,
    sketch: _____,
    emoteOnly: ______,
    combo: _______,
    ...said
  } = message as Extract<ChannelDraft, { type: 'MessagePosted' }>
  return { type: 'MessageHeld', moderationSeq: 1, ...said, text, cause: 'filter', rule, byPermit: null, label }
}

test('a message that a rule holds waits for a moderator', () => {
  withRules({ ...terms, verdict: 'hold' })
    .when(post('too bad'))
    .then([waits('too bad', 'words'), kept('too bad')], { messageId: 'when', held: true, kind: 'terms' })
})

test('a rule may time its author out: the act is done, and the message is told as refused', () => {
  const rule = { ...terms, verdict: 'time_out', timeoutMs: 60_000 }
  withRules(rule)
    .when(post('too bad'))
    .then(
      [
        { type: 'MemberTimedOut', seq: 6, member: viewer, until: t0 + 60_000 },
        logged({ ...byRule, action: 'time_out_member', durationMs: 60_000, rule: 'words', verdict: 'time_out' }),
        kept('too bad'),
      ],
      { refused: 'channel.filtered', kind: 'terms', remainingMs: 60_000 },
    )
  withRules({ ...rule, exempt: [] })
    .when(post('too bad'), { principal: broadcaster })
    .thenRejected({ code: 'channel.filtered', kind: 'terms' })
})

test('a rule in shadow lets the message pass, and tells the moderators what it would have done', () => {
  withRules({ ...terms, mode: 'shadow' })
    .when(post('too bad'))
    .then(
      [
        posted({ seq: 6, text: 'too bad' }),
        logged({ ...byRule, action: 'shadow_verdict', rule: 'words', verdict: 'reject' }),
      ],
      { messageId: 'when', seq: 6 },
    )
})

test('a wave of likes is stopped by the sketches that messages left, and by no text', () => {
  const wave = 'visit my channel for free followers and a chance to win big prizes'
  const rules = [{ id: 'waves', kind: 'similarity', messages: 2 }]
  const [first] = sketchesOf(rules, wave)
  const before = [policySet(rules), ...[vip, moderator].map((author) => posted({ author, sketch: first ?? null }))]
  given([...staffed, ...before])
    .when(post(`${wave}!`))
    .thenRejected({ code: 'channel.filtered', kind: 'similarity' })
  given([...staffed, ...before])
    .when(post(`${wave}!`), { at: t0 + 60_001 })
    .then([posted({ seq: 3, text: `${wave}!`, sketch: first ?? null })])
})

/** The sketch with which such a message is posted. */
const sketchesOf = (rules: Rules, text: string): (Buffer | null)[] => {
  const context = { at: t0, n: 9, commandId: 'x', principal: viewer, facts: {}, fingerprint: sameFingerprint }
  const channel = evolveAll([created(), policySet(rules)])
  const decision = channelDecider.decide(post(text), channel, context)
  assert.ok(decision.kind === 'accepted')
  return decision.events.flatMap((event) => (event.type === 'MessagePosted' ? [event.sketch] : []))
}

const sameFingerprint = (text: string) => `fingerprint of ${text}`

const evolveAll = (drafts: readonly ChannelDraft[]) =>
  drafts.reduce(
    (channel, draft, index) =>
      channelDecider.evolve(channel, codecs.channel.sealEvent(draft, `given-${index}/0`, stubSeal), {
        at: t0,
        n: index + 1,
        commandId: `given-${index}`,
      }),
    channelDecider.initial(channelId),
  )

test('a flood of one member is stopped until its time is over', () => {
  const rules = [{ id: 'floods', kind: 'flood', messages: 3, withinMs: 10_000 }]
  const flood = [1, 2, 3].map((index) => happened(posted({ seq: 5 + index }), { at: t0 + index }))
  given([...staffed, policySet(rules), ...flood])
    .when(post('hi'))
    .thenRejected({ code: 'channel.filtered', kind: 'flood' })
  given([...staffed, policySet(rules), ...flood])
    .when(post('hi'), { at: t0 + 20_001 })
    .then([posted({ seq: 9, text: 'hi' })])
})

test('what an outside model said rides on the command, and counts by the channel’s rule', () => {
  const rule = { id: 'model', kind: 'classifier', score: 0.9, unavailable: 'hold' }
  const said = (score: number) => classificationFacts({ kind: 'classified', label: 'toxic', score, version: '7' })
  withRules(rule)
    .when(post('hi'), { facts: said(0.95) })
    .thenRejected({ code: 'channel.filtered', kind: 'classifier' })
  withRules(rule)
    .when(post('hi'), { facts: { displayName: 'Viewer', ...said(0.5) } })
    .then([message])
  withRules({ ...rule, unavailable: 'allow' })
    .when(post('hi'), { facts: { displayName: 'Viewer', ...classificationFacts({ kind: 'unavailable' }) } })
    .then([message])
})

test('moderators are told what an outside model said, its score and its version, where its rule spoke', () => {
  const rule = { id: 'model', kind: 'classifier', score: 0.9, unavailable: 'hold' }
  const facts = classificationFacts({ kind: 'classified', label: 'toxic', score: 0.95, version: 'm7' })
  const viewers = { displayName: 'Viewer' }
  withRules({ ...rule, verdict: 'hold' })
    .when(post('hi'), { facts: { ...viewers, ...facts } })
    .then([waits('hi', 'model', 'toxic 0.95 (m7)'), kept('hi')])
  withRules(rule)
    .when(post('hi'), { facts: { ...viewers, ...classificationFacts({ kind: 'unavailable' }) } })
    .then([waits('hi', 'model', 'unavailable'), kept('hi')])
  withRules({ ...terms, verdict: 'hold' }, rule)
    .when(post('too bad'), { facts: { ...viewers, ...facts } })
    .then([waits('too bad', 'words'), kept('too bad')])
  const trial = { actor: '0', action: 'shadow_verdict', member: viewer, messageId: 'when', verdict: 'reject' } as const
  withRules({ ...rule, mode: 'shadow' })
    .when(post('hi'), { facts: { ...viewers, ...facts } })
    .then([message, logged({ ...trial, rule: 'model', policyVersion: 1, label: 'toxic 0.95 (m7)' })])
})

test('without a policy nothing is judged, and nothing remembered', () => {
  given([...staffed, policySet([terms]), { type: 'PolicySet', actor: broadcaster, version: 2, policy: null }])
    .when(post('too bad'))
    .then([posted({ seq: 6, text: 'too bad' })])
})

test('a policy of a release to come judges nothing, and stops nobody', () => {
  const unknown: ChannelDraft = { type: 'PolicySet', actor: broadcaster, version: 1, policy: '{"format":2}' }
  given([...staffed, unknown])
    .when(post('too bad'))
    .then([posted({ seq: 6, text: 'too bad' })])
})
