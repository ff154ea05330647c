import { COMMAND_LIFETIME_MS, type CommandDoor, type Submitted, submit } from '#libs/http/command.ts'
import type { Caller } from '#libs/http/route.ts'
import type { ConversationCommand } from '../commands.ts'
import { outbound, type ReceiverFacts } from '../edge.ts'
import type { Allowed } from '../state.ts'

/** What somebody has set of their whispers, and how far the lane has come. */
export type InboxView = { readonly allow: Allowed; readonly whisperSeq: number; readonly blocked: readonly string[] }

export type WhisperView = {
  readonly whisperId: string
  readonly whisperSeq: number
  readonly at: number
  readonly authorId: string
  /** Null, like the text, once the author is erased. */
  readonly name: string | null
  readonly text: string | null
}

export type ConversationView = {
  readonly peerId: string
  readonly last: WhisperView
  readonly readUpTo: number
  /** As far as they are counted. */
  readonly unread: number
}

/** A page towards the past (`before` a number, or the last ones), or towards the present (`after` a number). */
export type PageAsked = {
  readonly before?: number | undefined
  readonly after?: number | undefined
  readonly limit: number
}

/** What the routes read, always of one account. */
export type ConversationReads = {
  readonly inbox: (accountId: string) => Promise<InboxView>
  /** Where something was said last first; `before` is a number of the lane. */
  readonly conversations: (
    accountId: string,
    page: Pick<PageAsked, 'before' | 'limit'>,
  ) => Promise<readonly ConversationView[]>
  /** In the order of their numbers. */
  readonly whispersWith: (accountId: string, peerId: string, page: PageAsked) => Promise<readonly WhisperView[]>
}

/** What the routes of whispers stand on. */
export type ConversationEdge = CommandDoor & {
  readonly reads: ConversationReads
  /** What is known of who is whispered to. */
  readonly receiver: (senderId: string, receiverId: string) => Promise<ReceiverFacts>
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
