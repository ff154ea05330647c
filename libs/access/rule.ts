import { type Action, actions, may } from './permissions.ts'
import { mayOnPlatform, type PlatformAction, platformActions } from './platform.ts'
import type { Role } from './roles.ts'

/**
 * Who may use a route, or send a frame. `public`: everybody. `signed in`: every account, on what is its own. Otherwise who
 * has the permission, on the platform or in the channel that is named.
 */
export type AccessRule = 'public' | 'signed in' | { readonly platform: PlatformAction } | { readonly channel: Action }

/** Who asks, as far as the door knows them. */
export type Subject = {
  readonly signedIn: boolean
  readonly platformRole?: unknown
  /** Left out where the door cannot know it: the channel itself, whose state it is, then asks once more (I9). */
  readonly channelRole?: Role
}

export type Verdict = 'allowed' | 'unauthenticated' | 'forbidden'

/** Whether a rule names what there is: what is none denies everybody. */
export const isAccessRule = (rule: unknown): rule is AccessRule => {
  if (rule === 'public' || rule === 'signed in') return true
  if (typeof rule !== 'object' || rule === null) return false
  if ('platform' in rule) return (platformActions as readonly unknown[]).includes(rule.platform)
  return 'channel' in rule && (actions as readonly unknown[]).includes(rule.channel)
}

const inChannel = (action: Action, { signedIn, channelRole }: Subject): boolean =>
  channelRole === undefined ? signedIn || may('none', action) : may(channelRole, action)

const isAllowed = (rule: AccessRule, subject: Subject): boolean => {
  if (rule === 'public') return true
  if (rule === 'signed in') return subject.signedIn
  return 'platform' in rule
    ? subject.signedIn && mayOnPlatform(subject.platformRole, rule.platform)
    : inChannel(rule.channel, subject)
}

/** The one decision on whether somebody passes. Without a rule nobody does. */
export const decideAccess = (rule: AccessRule | undefined, subject: Subject): Verdict => {
  if (!isAccessRule(rule)) return 'forbidden'
  if (isAllowed(rule, subject)) return 'allowed'
  return subject.signedIn ? 'forbidden' : 'unauthenticated'
}

/** Whether somebody without an account may pass. */
export const isOpen = (rule: AccessRule): boolean => decideAccess(rule, { signedIn: false }) === 'allowed'

/** As documentation names it. */
export const ruleText = (rule: AccessRule): string => {
  if (typeof rule === 'string') return rule
  return 'platform' in rule ? `platform: ${rule.platform}` : `channel: ${rule.channel}`
}
