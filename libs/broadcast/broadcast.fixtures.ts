import { codecs } from '#libs/contracts/codecs.ts'
import { specification } from '#libs/testing/specification.ts'
import { broadcastDecider } from './decider.ts'
import type { BroadcastDraft } from './events.ts'

export const channelId = '500'
export const broadcaster = '1000'
export const moderator = '1002'

export const asBroadcaster = { principal: broadcaster, facts: { role: 'broadcaster' } }
export const asModerator = { principal: moderator, facts: { role: 'moderator' } }
export const asClock = { principal: 'manager/clock' }

export const issued = (
  keyId: string,
  expiresAt: number | null = null,
  purpose: 'live' | 'test' = 'live',
): BroadcastDraft => ({
  type: 'StreamKeyIssued',
  actor: broadcaster,
  keyId,
  expiresAt,
  label: null,
  purpose,
})

/** Given these events in the channel, when that command comes from the ingest app, then … */
export const { given } = specification(broadcastDecider, {
  key: channelId,
  seal: codecs.broadcast.sealEvent,
})
