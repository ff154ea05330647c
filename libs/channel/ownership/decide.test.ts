import { test } from 'node:test'
import { t0 } from '#libs/testing/specification.ts'
import { broadcaster, channelId, given, lead, logged, moderator, staffed, viewer } from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'
import { offerMs, slugKeptMs } from './decide.ts'

const byBroadcaster = { principal: broadcaster }
const offer = { type: 'OfferChannel', to: viewer, reason: null } as const
const until = t0 + offerMs
const offered: ChannelDraft = { type: 'ChannelOffered', actor: broadcaster, to: viewer, until }
const accept = { type: 'AcceptChannel' } as const
const transferred = (ownerId = viewer): ChannelDraft => ({
  type: 'ChannelTransferred',
  seq: 6,
  channelId,
  previousOwnerId: broadcaster,
  ownerId,
})

test('the broadcaster offers the channel, and whom it is offered to takes it over', () => {
  given(staffed)
    .when(offer, byBroadcaster)
    .then([offered, logged({ actor: broadcaster, action: 'offer_channel', member: viewer })])
  given([...staffed, offered])
    .when(accept)
    .then([transferred(), logged({ actor: viewer, action: 'accept_channel', member: broadcaster })])
})

test('nobody takes a channel that is not offered to them, nor behind its time, nor one that was taken back', () => {
  const refused = { code: 'channel.not_offered' }
  given(staffed).when(accept).thenRejected(refused)
  given([...staffed, offered])
    .when(accept, { principal: moderator })
    .thenRejected(refused)
  given([...staffed, offered])
    .when(accept, { at: until })
    .thenRejected(refused)
  const withdrawn: ChannelDraft = { type: 'OfferWithdrawn', actor: broadcaster, to: viewer }
  given([...staffed, offered, withdrawn])
    .when(accept)
    .thenRejected(refused)
  given([...staffed, offered])
    .when({ type: 'WithdrawOffer', reason: null }, byBroadcaster)
    .then([withdrawn, logged({ actor: broadcaster, action: 'withdraw_offer', member: viewer })])
  given(staffed).when({ type: 'WithdrawOffer', reason: null }, byBroadcaster).thenRejected(refused)
})

test('who is banned takes no channel over', () => {
  given([
    ...staffed,
    offered,
    { type: 'MemberBanned', seq: 6, member: viewer, until: null, origin: null } as ChannelDraft,
  ])
    .when(accept)
    .thenRejected({ code: 'channel.banned' })
})

test('only the broadcaster offers it, not to themselves, and an own channel stays with its account', () => {
  given(staffed)
    .when(offer, { principal: lead })
    .thenRejected({ code: 'channel.forbidden', action: 'transfer_channel' })
  given(staffed)
    .when({ ...offer, to: broadcaster }, byBroadcaster)
    .thenRejected({ code: 'channel.rank_too_low' })
  given(staffed)
    .when({ ...offer, to: 'nobody' }, byBroadcaster)
    .thenRejected({ code: 'channel.member_invalid' })
  given([{ type: 'ChannelCreated', channelId, ownerId: channelId, slug: null, seq: 1 }])
    .when(offer, { principal: channelId })
    .thenRejected({ code: 'channel.bound_to_account' })
})

test('behind a transfer the new broadcaster is no moderator besides, and the one before is a member', () => {
  const byOther = { principal: lead }
  const history = [...staffed, { ...offered, to: lead } as ChannelDraft, transferred(lead)]
  given(history)
    .when({ type: 'CloseChannel', reason: null }, byOther)
    .then([{ type: 'ChannelClosed', seq: 7, actor: lead }, logged({ actor: lead, action: 'close_channel' })])
  given(history)
    .when({ type: 'CloseChannel', reason: null }, byBroadcaster)
    .thenRejected({ code: 'channel.forbidden', action: 'close_channel' })
  given(history)
    .when(
      { type: 'AssignRole', member: lead, role: null, reason: null },
      { principal: broadcaster, facts: { platformRole: 'admin' } },
    )
    .thenRejected({ code: 'channel.rank_too_low' })
})

test('a channel that is another’s belongs to the others no more, whose moderators act there no more', () => {
  const grouped: ChannelDraft[] = [...staffed, offered, { type: 'ChannelGroupAdopted', channels: ['601', '602'] }]
  const left: ChannelDraft = { type: 'ChannelGroupLeft', ownerId: broadcaster, channels: ['601', '602'] }
  given(grouped)
    .when(accept)
    .then([transferred(), logged({ actor: viewer, action: 'accept_channel', member: broadcaster }), left])
  const who = { source: '601', actor: moderator, member: '77' }
  const act = { ...who, act: 'ban', durationMs: null, reason: null, keys: null } as const
  given(grouped)
    .when({ type: 'ApplyGroupAct', ...act }, { principal: 'manager/channels' })
    .thenAccepted()
  given([...grouped, transferred(), left])
    .when({ type: 'ApplyGroupAct', ...act }, { principal: 'manager/channels' })
    .thenRejected({ code: 'channel.no_group' })
})

test('a channel is renamed by the manager of handles, once a week at most', () => {
  const byHandles = { principal: 'manager/handles' }
  const rename = { type: 'RenameChannel', slug: 'lounge', slugKey: 'key-2', previousKey: 'key-1' } as const
  const renamed: ChannelDraft = {
    type: 'ChannelRenamed',
    seq: 6,
    slug: 'lounge',
    slugKey: 'key-2',
    previousKey: 'key-1',
  }
  given(staffed)
    .when(rename, byHandles)
    .then([renamed, logged({ actor: broadcaster, action: 'rename_channel' })])
  given(staffed).when(rename, byBroadcaster).thenRejected({ code: 'channel.forbidden', action: 'rename_channel' })
  given([...staffed, renamed])
    .when({ ...rename, slugKey: 'key-3' }, { ...byHandles, at: t0 + 1 })
    .thenRejected({ code: 'channel.renamed_lately', remainingMs: slugKeptMs - 1 })
  given([...staffed, renamed])
    .when({ ...rename, slug: 'den', slugKey: 'key-3' }, { ...byHandles, at: t0 + slugKeptMs })
    .then([
      { ...renamed, seq: 7, slug: 'den', slugKey: 'key-3', previousKey: 'key-2' },
      logged({ actor: broadcaster, action: 'rename_channel' }),
    ])
})
