import { system } from '#libs/access/principal.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { OutboundCommand } from '#libs/journal/gateway.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { BroadcastCommand } from './commands.ts'

/** How long a command may lie undecided: a broadcast that starts later would surprise its encoder. */
const LIFETIME_MS = 10_000

/** A command of the ingest app on its way to the broadcasts of a channel. */
export const outbound = (channelId: string, command: BroadcastCommand, now: number): OutboundCommand => {
  const { type, version, bytes } = codecs.broadcast.encodeCommand(command)
  return {
    family: 'broadcast',
    key: channelId,
    id: uuidv7(),
    principal: system,
    type,
    version,
    payload: bytes,
    facts: {},
    expiresAt: now + LIFETIME_MS,
  }
}
