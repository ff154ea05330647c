import { codecs } from '#libs/contracts/codecs.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { specification } from '#libs/testing/specification.ts'
import { channelDecider } from './decider.ts'
import type { ChannelDraft, ChannelDraftOf } from './events.ts'

export const channelId = '500'
export const broadcaster = '1000'
export const lead = '1001'
export const moderator = '1002'
export const otherModerator = '1003'
export const vip = '1004'
export const viewer = '2000'
export const otherViewer = '2001'

type Fields<Type extends ChannelDraft['type']> = Partial<Omit<ChannelDraftOf<Type>, 'type'>>

export const created = (fields: Fields<'ChannelCreated'> = {}): ChannelDraft => ({
  type: 'ChannelCreated',
  channelId,
  ownerId: broadcaster,
  slug: 'lobby',
  seq: 1,
  ...fields,
})

export const posted = (fields: Fields<'MessagePosted'> = {}): ChannelDraft => ({
  type: 'MessagePosted',
  ...channelAbsent.MessagePosted,
  seq: 2,
  author: viewer,
  authorName: 'Viewer',
  text: 'hi',
  ...fields,
})

export const settingsChanged = (fields: Fields<'SettingsChanged'>): ChannelDraft => ({
  type: 'SettingsChanged',
  seq: 2,
  actor: broadcaster,
  topic: null,
  slowModeSeconds: null,
  ...fields,
})

export const timedOutUntil = (until: number, fields: Fields<'MemberTimedOut'> = {}): ChannelDraft => ({
  type: 'MemberTimedOut',
  seq: 2,
  member: viewer,
  until,
  ...fields,
})

export const roleAssigned = (fields: Fields<'RoleAssigned'> & { readonly member: string }): ChannelDraft => ({
  type: 'RoleAssigned',
  seq: 2,
  role: null,
  ...fields,
})

export const logged = (
  fields: Fields<'ModerationLogged'> & Pick<ChannelDraftOf<'ModerationLogged'>, 'actor' | 'action'>,
): ChannelDraft => ({
  type: 'ModerationLogged',
  ...channelAbsent.ModerationLogged,
  moderationSeq: 1,
  member: null,
  messageId: null,
  reason: null,
  durationMs: null,
  role: null,
  ...fields,
})

/** A channel with everybody of the names above in their role; its last number is 5. */
export const staffed: readonly ChannelDraft[] = [
  created(),
  roleAssigned({ member: lead, role: 'lead_moderator', seq: 2 }),
  roleAssigned({ member: moderator, role: 'moderator', seq: 3 }),
  roleAssigned({ member: otherModerator, role: 'moderator', seq: 4 }),
  roleAssigned({ member: vip, role: 'vip', seq: 5 }),
]

/** Given these events in the channel, when that command comes from a viewer, then … */
export const { given } = specification(channelDecider, {
  key: channelId,
  seal: codecs.channel.sealEvent,
  context: { principal: viewer, facts: { displayName: 'Viewer' } },
})
