import type { PresenceTable } from '../presence/table.ts'
import type { IrcConnection } from './connection.ts'
import type { People } from './people.ts'

/** Somebody in a channel, as a connection is shown them. */
export type There = {
  readonly nick: string
  /** As other protocols show it. */
  readonly name: string
  readonly isAway: boolean
}

/**
 * Who is in a channel, as presence knows it: the client itself first, and everybody who is known to be there by name where it
 * asked for that (twitch.tv/membership).
 */
export type WhoIsThere = (connection: IrcConnection, channelId: string) => Promise<readonly There[]>

export type ThereOptions = { readonly table: Pick<PresenceTable, 'of'>; readonly people: People }

export const createWhoIsThere =
  ({ table, people }: ThereOptions): WhoIsThere =>
  async ({ nick, identity, face }, channelId) => {
    const { names, statuses } = table.of(channelId)
    const isAway = (accountId: string): boolean => statuses?.get(accountId)?.afk === true
    const itself: There = {
      nick,
      name: identity?.name ?? nick,
      isAway: identity !== undefined && isAway(identity.accountId),
    }
    if (!face.membership) return [itself]
    const others = [...names].filter(([accountId]) => accountId !== identity?.accountId)
    await people.learn(others.map(([accountId]) => accountId))
    return [
      itself,
      ...others.map(([accountId, name]) => ({ nick: people.nickOf(accountId), name, isAway: isAway(accountId) })),
    ]
  }
