import type { AccessRule } from '#libs/access/rule.ts'

/** Who may send each command of IRC; what has no rule is no command. */
export const ircRules = {
  CAP: 'public',
  PASS: 'public',
  NICK: 'public',
  USER: 'public',
  PING: 'public',
  PONG: 'public',
  QUIT: 'public',
  JOIN: { channel: 'read' },
  PART: 'public',
  NAMES: { channel: 'read' },
  PRIVMSG: { channel: 'post' },
  NOTICE: 'public',
  TAGMSG: 'public',
  MODE: { channel: 'read' },
  TOPIC: { channel: 'read' },
  LIST: { channel: 'read' },
  WHO: { channel: 'read' },
  WHOIS: { channel: 'read' },
  USERHOST: 'public',
  AWAY: 'public',
} as const satisfies Readonly<Record<string, AccessRule>>

export type IrcCommand = keyof typeof ircRules

export const isIrcCommand = (command: string): command is IrcCommand => Object.hasOwn(ircRules, command)
