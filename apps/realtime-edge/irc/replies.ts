import type { Outgoing } from '#libs/protocols/irc/format.ts'
import { msgIdOf } from '#libs/protocols/irc/msg-ids.ts'
import { type Numeric, numerics } from '#libs/protocols/irc/numerics.ts'
import { limits } from '../limits.ts'
import { lineLimits } from './bounds.ts'
import type { Face } from './capabilities.ts'

/** Where everybody is, since from where they come is told to nobody. */
export const HOST = 'whiply'

/** Clients of the twitch.tv dialect take what the server says only from a server of this name. */
const TWITCH_HOST = 'tmi.twitch.tv'

export const serverName = (face: Face): string => (face.twitch ? TWITCH_HOST : HOST)

/** The source of what a person says or does. */
export const personSource = (nick: string): string => `${nick}!${nick}@${HOST}`

/** Whom a reply is for. */
export type Addressee = { readonly nick: string; readonly face: Face }

export const reply = (
  { nick, face }: Addressee,
  numeric: Numeric,
  params: readonly string[],
  trailing?: string,
): Outgoing => ({
  source: serverName(face),
  command: numerics[numeric],
  params: [nick, ...params],
  ...(trailing !== undefined && { trailing }),
})

/** A refusal in words, with its stable code at the end, and as `msg-id` for who reads tags. */
export const notice = (face: Face, target: string, code: string, text: string): Outgoing => ({
  ...(face.tags && { tags: { 'msg-id': msgIdOf(code) } }),
  source: serverName(face),
  command: 'NOTICE',
  params: [target],
  trailing: `${text} [${code}]`,
})

const isupport = [
  'CASEMAPPING=ascii',
  'CHANTYPES=#',
  `CHANLIMIT=#:${limits.joins}`,
  'CHANNELLEN=26',
  'NICKLEN=25',
  'CHANMODES=beI,,,mt',
  'PREFIX=',
  `LINELEN=${lineLimits.bodyBytes}`,
  'TARGMAX=PRIVMSG:1',
  'CLIENTTAGDENY=*',
  'UTF8ONLY',
  'NETWORK=whiply',
]

/** What a client hears once it is registered. Clients of the twitch.tv dialect know no 005. */
export const welcome = (to: Addressee): readonly Outgoing[] => [
  reply(to, 'welcome', [], 'Welcome to whiply'),
  reply(to, 'yourHost', [], `Your host is ${serverName(to.face)}`),
  reply(to, 'created', [], 'This server keeps nothing: all that is said is in the journal'),
  reply(to, 'myInfo', [serverName(to.face), 'whiply', '-', 'beImt']),
  ...(to.face.twitch ? [] : [reply(to, 'isupport', isupport, 'are supported by this server')]),
  reply(to, 'motdStart', [], '-'),
  reply(to, 'motd', [], 'JOIN #channel by its slug or the handle of its owner'),
  reply(to, 'endOfMotd', [], 'End of MOTD'),
]
