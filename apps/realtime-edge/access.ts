import { type AccessRule, decideAccess } from '#libs/access/rule.ts'
import { actRules } from '#libs/channel/acts/access.ts'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { errorFrame } from './answers.ts'
import type { Identity } from './recipient.ts'

/** Who may send each frame; of an act, see `actRules`. */
export const frameRules: { readonly [Type in Exclude<ClientFrame['type'], 'act'>]: AccessRule } = {
  auth: 'public',
  ping: 'public',
  join: { channel: 'read' },
  leave: 'public',
  post: { channel: 'post' },
  nuke: { channel: 'nuke' },
  // Each names a route, whose own rule is asked.
  query: 'public',
  command: 'signed in',
  whisper: 'signed in',
  status: 'signed in',
  'follow-whispers': 'signed in',
}

const ruleOf = (frame: ClientFrame): AccessRule | undefined =>
  frame.type === 'act' ? actRules[frame.act.kind] : frameRules[frame.type]

/**
 * Why a frame goes no further; undefined where it does. What somebody is in a channel is the channel's to say: whoever
 * has an account passes here, and is asked there.
 */
export const refuseAccess = (
  frame: ClientFrame,
  identity: Identity | undefined,
): ServerFrameOf<'error'> | undefined => {
  const subject = { signedIn: identity !== undefined, platformRole: identity?.platformRole }
  const verdict = decideAccess(ruleOf(frame), subject)
  if (verdict === 'allowed') return undefined
  const concern = 'id' in frame ? { id: frame.id } : {}
  return errorFrame(verdict === 'unauthenticated' ? 'live.unauthenticated' : 'live.invalid_frame', concern)
}
