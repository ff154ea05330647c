import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { is } from 'immutable'
import { codecs } from '#libs/contracts/codecs.ts'
import { channel, channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { DecideContext } from '#libs/journal/decider.ts'
import { purely } from '#libs/testing/purely.ts'
import { stubSeal, t0 } from '#libs/testing/specification.ts'
import { caseworkCommands, caseworkRun, someEvidence } from './casework/casework.fixtures.ts'
import { broadcaster, channelId, viewer } from './channel.fixtures.ts'
import type { ChannelCommand } from './commands.ts'
import { channelDecider } from './decider.ts'
import { editRun } from './edits/edits.fixtures.ts'
import { channelErrors } from './errors.ts'
import type { ChannelEvent } from './events.ts'
import { ownershipArbitraries, ownershipRun } from './ownership/ownership.fixtures.ts'
import { pollArbitraries, pollRun } from './polls/polls.fixtures.ts'
import type { Channel } from './state.ts'

const { decide, evolve, encodeState, decodeState } = channelDecider

type Step = { readonly command: ChannelCommand; readonly principal: string; readonly afterMs: number }

/** Each record as an owner writes it: when, by which command, and what it decodes again. */
type Record = {
  readonly at: number
  readonly n: number
  readonly commandId: string
  readonly events: readonly ChannelEvent[]
}

const people = [broadcaster, '1001', '1002', viewer, '2001']
const person = fc.constantFrom(...people)
const messageId = fc.integer({ min: 3, max: 9 }).map((n) => `command-${n}`)
const role = fc.constantFrom('lead_moderator', 'moderator', 'vip', 'bot', null)

const about = { reason: fc.constantFrom(null, 'spam'), messages: fc.constantFrom(null, ['command-1']) }
const term = fc.constantFrom(null, 1_000, 3_000)
const markName = fc.constantFrom('mute', 'shadow', 'suspicious', 'low_trust', 'protected', 'warning', 'link_permit')

/** Every verdict, a rule in shadow, and those that look back. */
const policy = JSON.stringify({
  format: 1,
  rules: [
    { id: 'code', kind: 'patterns', patterns: ['`.`'], mode: 'shadow' },
    { id: 'links', kind: 'links', listed: 'permitted' },
    { id: 'calls', kind: 'terms', terms: ['ada'], verdict: 'hold' },
    { id: 'letters', kind: 'terms', terms: ['a'], verdict: 'time_out', timeoutMs: 1_000 },
    { id: 'flood', kind: 'flood', messages: 10 },
    { id: 'wave', kind: 'similarity', messages: 6, minLength: 1, exempt: [] },
  ],
})

/** Acts on members and on many messages. */
const acts: readonly fc.Arbitrary<ChannelCommand>[] = [
  fc.record({
    type: fc.constant('BanMember' as const),
    member: person,
    durationMs: term,
    ...about,
    addresses: fc.constantFrom(null, 'address' as const),
  }),
  fc.record({ type: fc.constant('LiftAddressBan' as const), member: person, reason: about.reason }),
  fc.record({ type: fc.constant('UnbanMember' as const), member: person, reason: about.reason }),
  fc.record({
    type: fc.constant('MarkMember' as const),
    member: person,
    mark: markName,
    value: fc.constant(null),
    durationMs: term,
    ...about,
  }),
  fc.record({
    type: fc.constant('MarkMember' as const),
    member: person,
    mark: fc.constantFrom('low_trust' as const, 'slow' as const, 'link_permit' as const),
    value: fc.constantFrom(null, 1),
    durationMs: term,
    ...about,
  }),
  fc.record({ type: fc.constant('UnmarkMember' as const), member: person, mark: markName, reason: about.reason }),
  fc.record({ type: fc.constant('AcknowledgeWarning' as const) }),
  fc.record({
    type: fc.constant('DeleteMessages' as const),
    member: fc.oneof(person, fc.constant(null)),
    reason: about.reason,
  }),
  fc.record({ type: fc.constant('Escalate' as const), member: person, ...about }),
  fc.record({
    type: fc.constant('ChangeLadder' as const),
    steps: fc.constantFrom([0, 1_000], [-1]),
    reason: fc.constant('why'),
  }),
  fc.record({
    type: fc.constant('NukeMessages' as const),
    messageIds: fc.constant(['command-2', 'command-3']),
    messageSeqs: fc.constant([2, 3]),
    members: fc.constant([viewer, '2001']),
    durationMs: fc.constantFrom(null, 2_000),
    reason: about.reason,
    term: fc.constantFrom(null, 'hi'),
    match: fc.constantFrom(null, 'text', 'pattern'),
  }),
  ...caseworkCommands(person, messageId),
  ...pollArbitraries(messageId),
  ...ownershipArbitraries(person),
  fc.record({ type: fc.constant('UndoNuke' as const), nukeId: messageId, reason: about.reason }),
  fc.record({
    type: fc.constant('PinMessage' as const),
    messageId: fc.oneof(messageId, fc.constant(null)),
    reason: fc.constant('why'),
  }),
  fc.record({
    type: fc.constant('SetText' as const),
    kind: fc.constantFrom('welcome' as const, 'rules' as const),
    text: fc.constantFrom(null, null, 'Be kind'),
    reason: fc.constant('why'),
  }),
  fc.record({ type: fc.constant('AcceptRules' as const), version: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ type: fc.constant('CloseChannel' as const), reason: about.reason }),
  fc.record({
    type: fc.constant('AddEmote' as const),
    name: fc.constantFrom('catJAM', 'Catjam', 'hi'),
    image: fc.constant('a'.repeat(64)),
    moving: fc.boolean(),
    width: fc.constant(32),
    tier: fc.constantFrom(null, 1),
    reason: about.reason,
  }),
  fc.record({
    type: fc.constant('ChangeEmote' as const),
    emoteId: messageId,
    name: fc.constantFrom(null, 'catJAM', 'dog'),
    tier: fc.constantFrom(null, 0, 2),
    enabled: fc.constantFrom(null, true, false),
    reason: about.reason,
  }),
  fc.record({ type: fc.constant('RemoveEmote' as const), emoteId: messageId, reason: about.reason }),
  fc.record({
    type: fc.constant('SetRetention' as const),
    days: fc.constantFrom(null, 1, 30),
    reason: fc.constant('why'),
  }),
  fc.record({
    type: fc.constant('SetPolicy' as const),
    policy: fc.constantFrom(null, policy, '{'),
    reason: about.reason,
  }),
]

const command: fc.Arbitrary<ChannelCommand> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('PostMessage' as const),
      text: fc.constantFrom('hi', 'a', ' ', '@ada `x`', 'https://x.org'),
      form: fc.constantFrom(null, null, 'action' as const, 'announcement' as const),
      color: fc.constantFrom(null, null, 'blue' as const),
      replyTo: fc.option(messageId),
      attachments: fc.constant(null),
    }),
  },
  fc.record({
    type: fc.constant('ChangeSettings' as const),
    topic: fc.option(fc.string({ maxLength: 5 })),
    slowModeSeconds: fc.option(fc.constantFrom(0, 0, 1, 5)),
    reason: fc.constant('why'),
  }),
  fc.record({ type: fc.constant('DeleteMessage' as const), messageId, reason: fc.constant(null) }),
  fc.record({
    type: fc.constant('TimeOutMember' as const),
    member: person,
    durationMs: fc.constantFrom(1_000, 3_000, 5),
    reason: fc.option(fc.string({ maxLength: 5 })),
    messages: fc.constant(null),
  }),
  fc.record({ type: fc.constant('LiftTimeout' as const), member: person, reason: about.reason }),
  fc.record({ type: fc.constant('AssignRole' as const), member: person, role, reason: fc.constant('why') }),
  fc.record({
    type: fc.constant('SetMode' as const),
    mode: fc.constantFrom('slow', 'followers_only', 'subscribers_only', 'unique', 'shield', 'read_only'),
    value: fc.constantFrom(null, null, 1, 2),
    reason: fc.constant(null),
  }),
  fc.record({ type: fc.constantFrom('FollowChannel' as const, 'UnfollowChannel' as const) }),
  fc.record({
    type: fc.constant('GrantSubscription' as const),
    member: person,
    tier: fc.constantFrom(1, 3, 9),
    durationMs: fc.constantFrom(null, 1_000, 3_000),
    reason: fc.constant('why'),
  }),
  fc.record({ type: fc.constant('RevokeSubscription' as const), member: person, reason: fc.constant('why') }),
  ...acts,
  { weight: 8, arbitrary: fc.record({ type: fc.constant('ReopenChannel' as const), reason: about.reason }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('ReviewMessage' as const),
      messageId,
      approve: fc.boolean(),
      reason: about.reason,
    }),
  },
)

/** One of them is not trusted, so that some messages are held. */
const distrust: Step = {
  command: { type: 'MarkMember', ...channelAbsent.MarkMember, member: '2001', mark: 'low_trust' },
  principal: broadcaster,
  afterMs: 0,
}

const anySteps: fc.Arbitrary<readonly Step[]> = fc
  .array(fc.record({ command, principal: person, afterMs: fc.integer({ min: 0, max: 2_000 }) }), {
    minLength: 10,
    maxLength: 60,
    size: 'max',
  })
  .map((found) => [distrust, ...found])

const steps = fc.oneof(
  { arbitrary: anySteps, weight: 20 },
  fc.constant(caseworkRun),
  fc.constant(pollRun),
  fc.constant(ownershipRun),
  fc.constant(editRun),
)

const contextOf = (at: number, n: number, principal: string): DecideContext => ({
  at,
  n,
  commandId: `command-${n}`,
  principal,
  facts: {
    displayName: 'Somebody',
    rulesAccepted: String(n % 4),
    ...(n % 2 === 0 && { followedAt: '0' }),
    ...(n % 3 === 0 && someEvidence),
    ...(n % 4 === 0 && { address: `at${n % 5} near`, addresses: `at${n % 3} at${n % 5}` }),
  },
  fingerprint: (text) => text,
})

/** Runs commands as an owner does: due commands as they come due, events through their bytes. */
const live = (steps: readonly Step[]): { readonly state: Channel; readonly records: readonly Record[] } => {
  const records: Record[] = []
  let state = channelDecider.initial(channelId)
  let at = t0
  const turn = (command: ChannelCommand, principal: string): void => {
    const context = contextOf(at, records.length + 1, principal)
    const decision = decide(command, state, context)
    if (decision.kind === 'rejected') assert.ok(decision.code in channelErrors, decision.code)
    const drafts = decision.kind === 'accepted' ? decision.events : []
    if ('reason' in command && command.reason !== null && drafts.length > 0)
      assert.ok(
        drafts.some((draft) => draft.type === 'ModerationLogged' && draft.reason === command.reason),
        `${command.type} says why`,
      )
    const events = drafts.map((draft, index) => {
      // A copy is sealed already.
      for (const subject of draft.type === 'HeldMessageApproved' ? [] : codecs.channel.subjectsOf(draft))
        assert.ok(
          channelDecider.subjects(command, principal, channelId, context.facts).includes(subject),
          `${command.type} seals`,
        )
      const sealed = codecs.channel.sealEvent(draft, `${context.commandId}/${index}`, stubSeal)
      return codecs.channel.decodeEvent(codecs.channel.encodeEvent(sealed))
    })
    state = events.reduce((state, event) => evolve(state, event, context), state)
    records.push({ at, n: context.n, commandId: context.commandId, events })
  }
  turn({ type: 'CreateChannel', ownerId: broadcaster, slug: null }, 'system')
  for (const { command, principal, afterMs } of steps) {
    at += afterMs
    for (let due = channelDecider.due(state); due && due.at <= at; due = channelDecider.due(state))
      turn(channelDecider.dueCommand(due.name, due.at), 'manager/clock')
    turn(command, principal)
  }
  return { state, records }
}

const replay = (records: readonly Record[], from: Channel): Channel =>
  records.reduce(
    (state, { events, ...context }) => events.reduce((state, event) => evolve(state, event, context), state),
    from,
  )

const runs = { numRuns: 150 }

test('both lanes of a channel are numbered from 1 without a gap, by any run of commands', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const events = purely(() => live(steps)).records.flatMap(({ events }) => events)
      const publicLane = events.flatMap((event) => ('seq' in event ? [event.seq] : []))
      const moderationLane = events.flatMap((event) => ('moderationSeq' in event ? [event.moderationSeq] : []))
      for (const lane of [publicLane, moderationLane])
        assert.deepEqual(
          lane,
          lane.map((_, index) => index + 1),
        )
    }),
    runs,
  )
})

test('who replays the journal has the state of who decided, from the beginning and from any snapshot', () => {
  fc.assert(
    fc.property(steps, fc.nat(), (steps, cut) => {
      const { state, records } = live(steps)
      assert.deepEqual(encodeState(replay(records, channelDecider.initial(channelId))), encodeState(state))
      const place = cut % (records.length + 1)
      const snapshot = JSON.stringify(encodeState(replay(records.slice(0, place), channelDecider.initial(channelId))))
      const restored = replay(records.slice(place), decodeState(JSON.parse(snapshot)))
      assert.deepEqual(encodeState(restored), encodeState(state))
      assert.deepEqual(channelDecider.due(restored), channelDecider.due(state))
    }),
    runs,
  )
})

test('an encoded state is JSON, and decodes to what it was', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const { state } = live(steps)
      const encoded = encodeState(state)
      assert.deepEqual(JSON.parse(JSON.stringify(encoded)), encoded)
      assert.deepEqual(encodeState(decodeState(encoded)), encoded)
    }),
    runs,
  )
})

/** A nuke that is taken back and a pin, which chance seldom comes to: they take the ids of the very commands. */
const takenBack: readonly Step[] = [
  { command: { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' }, principal: viewer, afterMs: 1 },
  {
    command: {
      type: 'NukeMessages',
      ...channelAbsent.NukeMessages,
      messageIds: ['command-2'],
      messageSeqs: [2],
      members: [viewer],
    },
    principal: broadcaster,
    afterMs: 1,
  },
  { command: { type: 'UndoNuke', nukeId: 'command-3', reason: null }, principal: broadcaster, afterMs: 1 },
  { command: { type: 'PinMessage', messageId: 'command-2', reason: null }, principal: broadcaster, afterMs: 1 },
  {
    command: {
      type: 'AddEmote',
      name: 'catJAM',
      image: 'a'.repeat(64),
      moving: false,
      width: 32,
      tier: null,
      reason: null,
    },
    principal: broadcaster,
    afterMs: 1,
  },
  {
    command: { type: 'ChangeEmote', emoteId: 'command-6', name: null, tier: null, enabled: false, reason: null },
    principal: broadcaster,
    afterMs: 1,
  },
  { command: { type: 'RemoveEmote', emoteId: 'command-6', reason: null }, principal: broadcaster, afterMs: 1 },
  { command: { type: 'SetRetention', days: 1, reason: null }, principal: broadcaster, afterMs: 1 },
  { command: { type: 'FollowChannel' }, principal: viewer, afterMs: 10 },
]

/** What was held is let through. */
const approved: readonly Step[] = [
  distrust,
  {
    command: { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' },
    principal: '2001',
    afterMs: 1,
  },
  {
    command: { type: 'ReviewMessage', messageId: 'command-3', approve: true, reason: null },
    principal: broadcaster,
    afterMs: 1,
  },
]

/** The fourth command has addresses with it. */
const addressLifted: readonly Step[] = [
  { command: { type: 'FollowChannel' }, principal: viewer, afterMs: 1 },
  { command: { type: 'FollowChannel' }, principal: '2001', afterMs: 1 },
  {
    command: { type: 'BanMember', ...channelAbsent.BanMember, member: viewer, addresses: 'address' },
    principal: broadcaster,
    afterMs: 1,
  },
  { command: { type: 'LiftAddressBan', member: viewer, reason: null }, principal: broadcaster, afterMs: 1 },
]

test('the random runs reach every command and event', () => {
  const seen = new Set<string>()
  for (const run of [
    takenBack,
    approved,
    addressLifted,
    caseworkRun,
    pollRun,
    ownershipRun,
    editRun,
    ...fc.sample(steps, { numRuns: 3_000, seed: 1 }),
  ])
    for (const { events } of live(run).records) for (const { type } of events) seen.add(type)
  assert.deepEqual([...seen].sort(), Object.keys(channel.events).sort())
})

test('after a snapshot of a thousand messages and more the oldest are forgotten in their order', () => {
  const post = (index: number): Step => ({
    command: { type: 'PostMessage', ...channelAbsent.PostMessage, text: `${index}` },
    principal: viewer,
    afterMs: 1,
  })
  const { state } = live(Array.from({ length: 1_010 }, (_, index) => post(index)))
  assert.equal(state.recentMessages.byPlace.size, 1_000)
  const restored = decodeState(JSON.parse(JSON.stringify(encodeState(state))))
  assert.ok(
    is(
      restored.recentMessages.byPlace.map(({ id }) => id),
      state.recentMessages.byPlace.map(({ id }) => id),
    ),
  )
  const context = contextOf(t0 + 5_000, 2_000, viewer)
  const codeOf = (messageId: string, state: Channel): string => {
    const decision = decide({ type: 'DeleteMessage', messageId, reason: null }, state, context)
    return decision.kind === 'rejected' ? decision.code : decision.kind
  }
  for (const known of [state, restored]) {
    assert.equal(codeOf('command-11', known), 'channel.message_unknown')
    assert.equal(codeOf('command-12', known), 'accepted')
    assert.equal(codeOf('command-1011', known), 'accepted')
  }
})
