import { system } from '#libs/access/principal.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'

/** Handles that would be believed to speak for the platform, or that stand for many people, in chat or in an address. */
const reserved: ReadonlySet<string> = new Set([
  'abuse',
  'account',
  'accounts',
  'admin',
  'administrator',
  'admins',
  'all',
  'api',
  'bot',
  'channel',
  'channels',
  'chat',
  'contact',
  'deleted',
  'docs',
  'erased',
  'everyone',
  'help',
  'here',
  'hostmaster',
  'info',
  'legal',
  'lobby',
  'login',
  'mod',
  'moderation',
  'moderator',
  'moderators',
  'mods',
  'noreply',
  'null',
  'official',
  'operator',
  'owner',
  'postmaster',
  'press',
  'privacy',
  'problems',
  'root',
  'safety',
  'security',
  'server',
  'service',
  'settings',
  'staff',
  'status',
  'support',
  'system',
  'team',
  'trust',
  'undefined',
  'webmaster',
  'whiply',
])

/** Underscores make no other name of it: `_Admin_` would be believed as much. */
export const reservedHandle = (handle: string, principal: string): Rejection | undefined =>
  principal !== system && reserved.has(handle.toLowerCase().replaceAll('_', ''))
    ? reject('identity.handle_reserved')
    : undefined
