import type { PageAsked } from '#libs/readmodel/page.ts'
import type { Allowed } from './state.ts'

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

/** What the routes read, always of one account. */
export type ConversationReads = {
  readonly inbox: (accountId: string) => Promise<InboxView>
  /** Whether the account has whispered to that one. */
  readonly hasWhisperedTo: (accountId: string, peerId: string) => Promise<boolean>
  /** Where something was said last first; `before` is a number of the lane. */
  readonly conversations: (
    accountId: string,
    page: Pick<PageAsked, 'before' | 'limit'>,
  ) => Promise<readonly ConversationView[]>
  /** In the order of their numbers. */
  readonly whispersWith: (accountId: string, peerId: string, page: PageAsked) => Promise<readonly WhisperView[]>
}
