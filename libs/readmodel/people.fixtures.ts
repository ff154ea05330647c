import { randomBytes } from 'node:crypto'
import type { Codecs } from '#libs/contracts/codecs.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { ConversationEvent } from '#libs/contracts/generated/conversation.ts'
import { type IdentityEvent, identityAbsent } from '#libs/contracts/generated/identity.ts'
import type { Clear } from '#libs/contracts/sealed.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { openVault } from '#libs/vault/open.ts'
import type { Written } from './journal.fixtures.ts'

/** A vault in this database, with keys for these people, and records whose personal fields are sealed by it. */
export const peopleFixture = async (databaseUrl: string, accountIds: readonly string[]) => {
  const vault = await openVault({ databaseUrl, masterKey: randomBytes(32).toString('base64') })
  for (const accountId of accountIds) await vault.keys.create(accountId)
  await vault.keys.prefetch(accountIds)

  const recordOf =
    <Event extends { readonly type: string }, Command extends { readonly type: string }>(
      codec: Codecs<Event, Command>,
    ) =>
    (key: string, drafts: readonly Clear<Event>[], more: Partial<Written> = {}): Written => {
      const commandId = more.commandId ?? uuidv7()
      const events = drafts.map((draft, index) =>
        codec.encodeEvent(codec.sealEvent(draft, eventId(commandId, index), vault.keys.seal)),
      )
      return { key, commandId, events, ...more }
    }

  return {
    vault,
    channelRecord: recordOf<ChannelEvent, never>(codecs.channel as never),
    conversationRecord: recordOf<ConversationEvent, never>(codecs.conversation as never),
    accountRecord: recordOf<IdentityEvent, never>(codecs.account as never),
  }
}

export const created = (channelId: string, ownerId: string): Clear<ChannelEvent> => ({
  type: 'ChannelCreated',
  channelId,
  ownerId,
  slug: null,
  seq: 1,
})

export const posted = (seq: number, author: string, text: string): Clear<ChannelEvent> => ({
  type: 'MessagePosted',
  ...channelAbsent.MessagePosted,
  seq,
  author,
  authorName: `Name of ${author}`,
  text,
})

export const erased = (accountId: string): Clear<IdentityEvent> => ({ type: 'AccountErased', accountId })

export const opened = (accountId: string, handle: string): Clear<IdentityEvent> => ({
  type: 'AccountOpened',
  ...identityAbsent.AccountOpened,
  accountId,
  handle,
  displayName: `The ${handle}`,
  email: `${handle}@example.org`,
  platformRole: 'user',
})
