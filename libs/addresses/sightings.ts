import { createLru } from '#libs/vault/lru.ts'
import type { Hashes, Sighting, Vault } from '#libs/vault/vault.ts'
import { type AddressKeys, addressKeys } from './keys.ts'

/** From where accounts came, for as long as it is kept (`SIGHTINGS_RETENTION`). */
export type Sightings = {
  /**
   * Notes that an account came from an address, at most once an hour for each pair. Never rejects: where the vault is
   * away this one is missed.
   */
  readonly note: (accountId: string, address: string) => Promise<void>
  /** Of an account, the latest first. */
  readonly of: (accountId: string) => Promise<readonly Sighting[]>
  /** The accounts that were seen at an address or in a network, by its key; those seen last first, 200 at most. */
  readonly accountsAt: (key: string) => Promise<readonly string[]>
  /** What is compared of an address; undefined where the text is none. */
  readonly keysOf: (address: string) => AddressKeys | undefined
}

export type SightingOptions = {
  readonly hashes: Pick<Hashes, 'compare'>
  readonly store: Vault['sightings']
  /** How long a sighting is kept. */
  readonly retentionMs: number
  readonly onError: (error: unknown) => void
  readonly now?: () => number
}

const AGAIN_MS = 3_600_000
const REMEMBERED = 20_000

export const createSightings = (options: SightingOptions): Sightings => {
  const { hashes, store, retentionMs, onError, now = Date.now } = options
  const noted = createLru<number>(REMEMBERED)
  let agedAt = Number.NEGATIVE_INFINITY

  /** What is too old goes with the first that comes in an hour. */
  const age = async (at: number): Promise<void> => {
    if (at - agedAt < AGAIN_MS) return
    agedAt = at
    await store.age(at - retentionMs)
  }

  return {
    note: async (accountId, address) => {
      const keys = addressKeys(hashes, address)
      const at = now()
      const pair = `${accountId} ${keys?.address}`
      if (!keys || at - (noted.get(pair) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return
      noted.set(pair, at)
      try {
        await store.see(accountId, keys, at)
        await age(at)
      } catch (error) {
        noted.set(pair, Number.NEGATIVE_INFINITY)
        onError(error)
      }
    },
    of: store.of,
    accountsAt: store.accountsAt,
    keysOf: (address) => addressKeys(hashes, address),
  }
}

/** The accounts that were seen at an address, which is compared by its hash alone; none at what is no address. */
export const accountsSeenAt = async (
  { keysOf, accountsAt }: Pick<Sightings, 'keysOf' | 'accountsAt'>,
  address: string,
): Promise<readonly string[]> => {
  const keys = keysOf(address)
  return keys ? accountsAt(keys.address) : []
}
