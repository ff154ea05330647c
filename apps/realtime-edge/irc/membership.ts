import type { Outgoing } from '#libs/protocols/irc/format.ts'
import { NAMED, type PresenceTable } from '../presence/table.ts'
import type { People } from './people.ts'
import { personSource } from './replies.ts'
import type { Share } from './share.ts'

export type MembershipOptions = { readonly table: Pick<PresenceTable, 'of' | 'isHidden'>; readonly people: People }

/**
 * Tells who comes and goes to those who asked for it (twitch.tv/membership), as presence knows it. Of a crowd nobody is
 * named, nor where the channel hides who is there, and nobody is said to have left when that begins.
 */
export type Membership = {
  /** Somebody has been told who is there now, and is to be told what changes. */
  readonly begin: (share: Share) => void
  /** To be called about once a second. Does not reject. */
  readonly tell: (share: Share) => Promise<void>
}

export const createMembership = ({ table, people }: MembershipOptions): Membership => {
  const told = new WeakMap<Share, ReadonlySet<string>>()

  const lines = (
    command: 'JOIN' | 'PART',
    name: string,
    accounts: readonly string[],
    self: string | undefined,
  ): readonly Outgoing[] =>
    accounts
      .filter((account) => account !== self)
      .map((account) => ({ source: personSource(people.nickOf(account)), command, params: [name] }))

  const there = (share: Share): ReadonlySet<string> => new Set(table.of(share.place.id).names.keys())

  return {
    begin: (share) => {
      if (!told.has(share)) told.set(share, there(share))
    },
    tell: async (share) => {
      const members = share.witnesses()
      const before = told.get(share)
      if (members.length === 0) told.delete(share)
      const { id } = share.place
      if (members.length === 0 || table.of(id).count > NAMED || table.isHidden(id)) return
      const now = there(share)
      told.set(share, now)
      // Somebody has asked for it who is in the channel already.
      if (!before) return
      const joined = [...now].filter((account) => !before.has(account))
      const left = [...before].filter((account) => !now.has(account))
      if (joined.length + left.length === 0) return
      await people.learn([...joined, ...left])
      const { name } = share.place
      for (const member of members) {
        const self = member.identity?.accountId
        member.send(...lines('JOIN', name, joined, self), ...lines('PART', name, left, self))
      }
    },
  }
}
