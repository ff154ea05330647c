import { parseRange } from '#libs/addresses/range.ts'
import { createRangeSet } from '#libs/addresses/range-set.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { eventId, type OutcomeRecord } from '#libs/journal/outcome.ts'
import { platformSubject } from '#libs/vault/platform-subject.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import type { BannedRange } from './queries.ts'

/** Addresses that may only read, as an edge knows them: from the read model at its start, then from the journal. */
export type AddressBans = {
  /** Whether an address, or the /64 that stands for one, is banned now. */
  readonly has: (address: string) => boolean
  readonly load: (ranges: readonly Pick<BannedRange, 'id' | 'range' | 'until'>[]) => void
  /** Takes outcomes of the account journal, in their order. Resolves once they count. */
  readonly observe: (outcomes: readonly OutcomeRecord[]) => Promise<void>
}

export type AddressBanOptions = {
  readonly keys: Pick<PersonalKeys, 'prefetch' | 'open'>
  /** Called behind each ban, so that who is connected can be looked at. */
  readonly onBan: () => void
  readonly onError: (error: unknown) => void
  readonly now?: () => number
}

const relevant: ReadonlySet<string> = new Set(['AddressBanned', 'AddressBanLifted'])

/** Connections are counted by the /64 of an IPv6 address, which bans are no smaller than. */
const addressIn = (block: string): string => block.replace(/\/64$/, '')

export const createAddressBans = ({ keys, onBan, onError, now }: AddressBanOptions): AddressBans => {
  const set = createRangeSet(now)
  /** By key, since who lifts a ban names no range. */
  const ranges = new Map<string, string>()
  let last: Promise<void> = Promise.resolve()

  const ban = (id: string, text: string, until: number | null): void => {
    const range = parseRange(text)
    if (!range) return
    ranges.set(id, text)
    set.add(range, until)
  }

  const lift = (id: string): void => {
    const range = parseRange(ranges.get(id) ?? '')
    ranges.delete(id)
    if (range) set.remove(range)
  }

  const apply = (record: OutcomeRecord): boolean => {
    if (record.outcome.kind !== 'accepted') return false
    let isBan = false
    for (const [index, encoded] of record.outcome.events.entries()) {
      if (!relevant.has(encoded.type)) continue
      const id = eventId(record.commandId, index)
      const event = codecs.account.openEvent(codecs.account.decodeEvent(encoded), id, keys.open)
      if (event.type === 'AddressBanned' && event.range !== undefined) {
        ban(record.key, event.range, event.until)
        isBan = true
      } else if (event.type === 'AddressBanLifted') lift(record.key)
    }
    return isBan
  }

  const isRelevant = ({ outcome }: OutcomeRecord): boolean =>
    outcome.kind === 'accepted' && outcome.events.some(({ type }) => relevant.has(type))

  return {
    has: (address) => set.has(addressIn(address)),
    load: (found) => {
      for (const { id, range, until } of found) ban(id, range, until)
    },
    observe: (outcomes) => {
      const own = outcomes.filter(isRelevant)
      if (own.length === 0) return last
      // One behind the other: a ban and its end would else change places while the key is fetched.
      last = last
        .then(() => keys.prefetch([platformSubject]))
        .then(() => {
          if (own.map(apply).some(Boolean)) onBan()
        })
        .catch(onError)
      return last
    },
  }
}
