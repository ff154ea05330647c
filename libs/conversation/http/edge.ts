import { COMMAND_LIFETIME_MS, type CommandDoor, type Submitted, submit } from '#libs/http/command.ts'
import type { Caller } from '#libs/http/route.ts'
import type { ConversationCommand } from '../commands.ts'
import { outbound, type ReceiverFacts } from '../edge.ts'
import type { ConversationReads } from '../views.ts'

/** What the routes of whispers stand on. */
export type ConversationEdge = CommandDoor & {
  readonly reads: ConversationReads
  /** What is known of who is whispered to. */
  readonly receiver: (senderId: string, receiverId: string) => Promise<ReceiverFacts>
  /** The account that goes by a handle now. */
  readonly holderOf: (handle: string) => Promise<string | undefined>
  /** Names shown; those that are not there are not in the answer. */
  readonly namesOf: (accountIds: readonly string[]) => Promise<ReadonlyMap<string, string | null>>
  readonly now: () => number
}

type Sent = { readonly caller: Caller; readonly commandId: string; readonly traceparent: string | undefined }

/** Sends a command to the whispers of an account. Throws its rejection as a problem. */
export const sendToInbox = (
  edge: ConversationEdge,
  inbox: string,
  command: ConversationCommand,
  { caller, commandId, traceparent }: Sent,
  followed = false,
): Promise<Submitted> =>
  submit(
    edge,
    outbound(command, {
      id: commandId,
      inbox,
      principal: caller.accountId,
      displayName: caller.displayName,
      followed,
      expiresAt: edge.now() + COMMAND_LIFETIME_MS,
      traceparent,
    }),
  )
