import { withoutPerson } from '#libs/channel/edge-view.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { IdentityEvent } from '#libs/contracts/generated/identity.ts'
import { safeError } from '#libs/http/safe-error.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { textFrame } from '#libs/protocols/native/wire.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import type { Knowing } from './member-facts.ts'
import type { Recipient } from './recipient.ts'
import { refreshRole } from './room.ts'
import type { Rooms } from './rooms.ts'
import type { Sessions } from './sessions.ts'
import type { WhisperLanes } from './whispers/lanes.ts'

export type AccountIngestOptions = {
  readonly rooms: Pick<Rooms, 'all'>
  readonly whispers: Pick<WhisperLanes, 'followers'>
  readonly sessions: Sessions
  readonly keys: Pick<PersonalKeys, 'forget'>
  readonly facts: Pick<Knowing, 'confirmed'>
  readonly alarm: (code: string, details: Readonly<Record<string, unknown>>) => void
}

/** Takes outcomes of the account journal to the sockets and rings that they concern. */
export const createAccountIngest = ({ rooms, whispers, sessions, keys, facts, alarm }: AccountIngestOptions) => {
  /** Who follows a channel, or whispers, may have lines of theirs on the screen, however old. */
  const tellErased = (account: string): void => {
    const frame = { type: 'erased', account } satisfies ServerFrameOf<'erased'>
    const bytes = textFrame(JSON.stringify(frame))
    const members = new Set<Pick<Recipient, 'send'>>()
    for (const room of rooms.all())
      for (const { connection } of room.members)
        if (!members.has(connection)) {
          members.add(connection)
          connection.write(bytes)
        }
    for (const reader of whispers.followers()) if (!members.has(reader)) reader.send(frame)
  }

  const apply = (event: IdentityEvent): void => {
    switch (event.type) {
      case 'SessionsRevoked':
        for (const session of event.sessionIds) sessions.revoke(session)
        return
      case 'AccessTokensRevoked':
        for (const token of event.tokenIds) sessions.revoke(token)
        return
      case 'EmailConfirmed':
        facts.confirmed(event.accountId)
        return
      case 'AccountSuspended':
        sessions.suspend(event.accountId, 'suspended')
        return
      case 'AccountDeactivated':
        sessions.suspend(event.accountId, 'deactivated')
        return
      case 'PlatformRoleAssigned':
        sessions.changeRole(event.accountId, event.role)
        for (const room of rooms.all())
          for (const membership of room.members)
            if (membership.connection.identity?.accountId === event.accountId) refreshRole(membership)
        return
      case 'AccountErased':
        keys.forget(event.accountId)
        sessions.erase(event.accountId)
        for (const room of rooms.all()) {
          room.ring.hideSubject(event.accountId)
          room.moderationRing.hideSubject(event.accountId)
          if (room.view) room.view = withoutPerson(room.view, event.accountId)
        }
        tellErased(event.accountId)
        return
      default:
    }
  }

  return (records: readonly OutcomeRecord[]): void => {
    for (const { outcome, partition, offset } of records) {
      if (outcome.kind !== 'accepted') continue
      for (const encoded of outcome.events) {
        try {
          apply(codecs.account.decodeEvent(encoded))
        } catch (error) {
          alarm('live.undecodable', { partition, offset, error: safeError(error) })
        }
      }
    }
  }
}
