import type { PresenceSink } from '../session.ts'
import type { Announcer } from './announcer.ts'
import type { PresenceTable } from './table.ts'

/** Books what sessions tell in the table of who is where. */
export const presenceSink = (table: PresenceTable, announcer: Announcer): PresenceSink => {
  const person = (identity: { readonly accountId: string; readonly name: string } | undefined) =>
    identity && { id: identity.accountId, name: identity.name }
  return {
    entered: (membership) => {
      table.entered(membership.room.channel, person(membership.connection.identity))
      announcer.welcome(membership)
    },
    left: ({ room, connection }) => table.left(room.channel, connection.identity?.accountId),
    says: ({ identity }, change) => identity !== undefined && table.says(identity.accountId, change),
    identified: (connection, before) => {
      for (const channel of connection.memberships.keys()) {
        table.left(channel, before?.accountId)
        table.entered(channel, person(connection.identity))
      }
    },
  }
}
