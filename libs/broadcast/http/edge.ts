import type { Role } from '#libs/access/roles.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { COMMAND_LIFETIME_MS, type CommandDoor, type Submitted, submit } from '#libs/http/command.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { BroadcastCommand } from '../commands.ts'

/** What the routes of broadcasts stand on. */
export type BroadcastEdge = CommandDoor & {
  readonly streamKeys: Pick<Vault['streamKeys'], 'issue' | 'remove'>
  /** What somebody is in a channel, as its read model has it; undefined where there is no such channel. */
  readonly roleIn: (channelId: string, caller: Caller) => Promise<Role | undefined>
  /** Where encoders publish: rtmp://host:port/live */
  readonly rtmpUrl: string
  readonly now: () => number
}

type Sent = { readonly caller: Caller; readonly commandId: string; readonly traceparent: string | undefined }

/** Sends a command to a channel's broadcasts, with the caller's role. Throws its rejection as a problem. */
export const sendToBroadcasts = async (
  edge: BroadcastEdge,
  channelId: string,
  command: BroadcastCommand,
  { caller, commandId, traceparent }: Sent,
): Promise<Submitted> => {
  const role = await edge.roleIn(channelId, caller)
  if (!role) throw new HttpProblem('channel.unknown')
  const { type, version, bytes } = codecs.broadcast.encodeCommand(command)
  return submit(edge, {
    family: 'broadcast',
    key: channelId,
    id: commandId,
    principal: caller.accountId,
    type,
    version,
    payload: bytes,
    facts: { role },
    expiresAt: edge.now() + COMMAND_LIFETIME_MS,
    ...(traceparent !== undefined && { traceparent }),
  })
}
