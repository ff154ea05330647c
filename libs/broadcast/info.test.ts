import { describe, test } from 'node:test'
import { broadcastAbsent } from '#libs/contracts/generated/broadcast.ts'
import { t0 } from '#libs/testing/specification.ts'
import { asBroadcaster, asModerator, broadcaster, given, issued, moderator } from './broadcast.fixtures.ts'
import type { BroadcastCommandOf } from './commands.ts'
import type { BroadcastDraft } from './events.ts'
import { holdMs } from './rules/sessions.ts'

const nothing = { type: 'ChangeBroadcastInfo', ...broadcastAbsent.ChangeBroadcastInfo } as const
const change = (info: Partial<BroadcastCommandOf<'ChangeBroadcastInfo'>>) => ({ ...nothing, ...info })
const changed = (info: Partial<BroadcastDraft>, actor = broadcaster): BroadcastDraft =>
  ({ type: 'BroadcastInfoChanged', ...broadcastAbsent.BroadcastInfoChanged, actor, ...info }) as BroadcastDraft

const started: BroadcastDraft = {
  type: 'BroadcastStarted',
  broadcastId: 'b1',
  sessionId: 's1',
  keyId: 'k1',
  origin: 'http://127.0.0.1:8082',
  leaseUntil: t0 + 15_000,
  graceMs: 60_000,
}
const live = [issued('k1'), issued('k2'), started]

describe('what a channel says of its broadcasts', () => {
  test('is changed by moderators, a part at a time', () => {
    const info = { title: 'Tea at five', tags: ['tea', 'talk'], language: 'en' } as const
    given([])
      .when(change(info), asModerator)
      .then([changed({ title: 'Tea at five', tags: 'tea,talk', language: 'en' }, moderator)])
    given([])
      .when(change(info), { principal: '2000', facts: { role: 'vip' } })
      .thenRejected({ code: 'broadcast.forbidden', action: 'change_broadcast_info' })
    given([])
      .when(change({ title: '', tags: [], audience: 'subscribers', visibility: 'unlisted' }), asBroadcaster)
      .then([changed({ title: '', tags: '', audience: 'subscribers', visibility: 'unlisted' })])
  })

  test('belongs to the broadcast that is open', () => {
    given(live)
      .when(change({ category: 'Cooking' }), asBroadcaster)
      .then([changed({ broadcastId: 'b1', category: 'Cooking' })])
  })

  test('has bounds', () => {
    const refused = (info: Partial<BroadcastCommandOf<'ChangeBroadcastInfo'>>, rejection: { code: string }) =>
      given([]).when(change(info), asBroadcaster).thenRejected(rejection)
    const tags = { code: 'broadcast.tags_invalid', max: 10, maxLength: 25 }
    refused({ title: 'a'.repeat(141) }, { code: 'broadcast.text_too_long', ...{ field: 'title', max: 140 } })
    refused({ category: 'a\nb' }, { code: 'broadcast.text_invalid', ...{ field: 'category' } })
    refused({ tags: Array.from({ length: 11 }, (_, index) => `tag ${index}`) }, tags)
    for (const bad of [['one,two'], [''], [' a'], ['a'.repeat(26)], ['Tea', 'tea']]) refused({ tags: bad }, tags)
    for (const language of ['english', 'EN', 'en_GB']) refused({ language }, { code: 'broadcast.language_invalid' })
    for (const language of ['de', 'pt-BR', 'zh-Hant-TW', 'es-419'])
      given([])
        .when(change({ language }), asBroadcaster)
        .then([changed({ language })])
  })
})

describe('a second encoder', () => {
  const start = {
    type: 'StartBroadcast',
    ...broadcastAbsent.StartBroadcast,
    broadcastId: 'b2',
    sessionId: 's2',
    keyId: 'k1',
    origin: 'http://127.0.0.1:8082',
    leaseMs: 15_000,
    graceMs: 60_000,
    takesOver: true,
  } as const

  test('is refused, unless it may take over', () => {
    given(live)
      .when({ ...start, takesOver: false })
      .thenRejected({ code: 'broadcast.live_already' })
  })

  test('goes on with the broadcast of the same key', () => {
    const { sessionId, origin, leaseMs } = start
    given(live)
      .when(start)
      .then([{ type: 'BroadcastResumed', broadcastId: 'b1', sessionId, origin, leaseUntil: t0 + leaseMs }])
  })

  const resumed: BroadcastDraft = {
    type: 'BroadcastResumed',
    broadcastId: 'b1',
    sessionId: 's2',
    origin: start.origin,
    leaseUntil: t0 + start.leaseMs,
  }
  const admit = { type: 'AdmitEncoder', sessionId: 's3', keyId: 'k1', ownerId: broadcaster, takesOver: true } as const
  const from = { addressHash: null, networkHash: null }

  test('is left alone once it has taken over, for longer each time', () => {
    for (const [times, ms] of [
      [1, holdMs.first],
      [2, 2 * holdMs.first],
      [3, 4 * holdMs.first],
      [50, holdMs.most],
    ] as const) {
      const past = [...live, ...Array.from({ length: times }, () => resumed)]
      for (const command of [start, { ...admit, ...from }] as const) {
        given(past)
          .when(command, { at: t0 + ms - 1 })
          .thenRejected({ code: 'broadcast.taken_over', remainingMs: 1 })
        given(past)
          .when(command, { at: t0 + ms })
          .thenAccepted()
      }
    }
  })

  test('is left alone by those with another key, too', () => {
    const replaced: readonly BroadcastDraft[] = [
      { type: 'BroadcastEnded', broadcastId: 'b1', reason: 'replaced', actor: null, restUntil: null },
      { ...started, broadcastId: 'b2', sessionId: 's2', keyId: 'k2' } as BroadcastDraft,
    ]
    given([...live, ...replaced])
      .when(start)
      .thenRejected({ code: 'broadcast.taken_over', remainingMs: holdMs.first })
  })

  test('takes nothing over where the other one has gone', () => {
    const interrupted: BroadcastDraft = {
      type: 'BroadcastInterrupted',
      broadcastId: 'b1',
      cause: 'closed',
      graceUntil: t0 + start.graceMs,
    }
    const ended: BroadcastDraft = {
      type: 'BroadcastEnded',
      broadcastId: 'b1',
      reason: 'unpublished',
      actor: null,
      restUntil: null,
    }
    for (const past of [
      [...live, resumed, interrupted],
      [...live, interrupted, resumed],
      [...live, resumed, ended, started],
    ])
      given(past).when(start).thenAccepted()
  })
})
