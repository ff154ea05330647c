import { timestamp } from '#libs/http/ids.ts'
import type { PersonalFile } from '#libs/readmodel/personal-data/file.ts'
import type { NotExported } from '#libs/readmodel/personal-data/table.ts'
import type { Vault } from '#libs/vault/vault.ts'

type Kept = Pick<Vault, 'credentials' | 'sessions' | 'factors' | 'accessTokens'> & {
  readonly sightings: Pick<Vault['sightings'], 'of'>
}

const time = (at: number | null): string | null => (at === null ? null : timestamp(at))

const factorsOf = async ({ credentials, factors }: Kept, accountId: string) => {
  const passkeys = await factors.passkeys.listOf(accountId)
  return [
    {
      password: (await credentials.get(accountId)) !== undefined,
      codesByTime: (await factors.totp.find(accountId))?.confirmed ?? false,
      recoveryCodesLeft: await factors.recoveryCodes.left(accountId),
      passkeys: passkeys.map(({ name, createdAt, lastUsedAt }) => ({
        name,
        createdAt: timestamp(createdAt),
        lastUsedAt: time(lastUsedAt),
      })),
    },
  ]
}

/** What the vault has about a person. Secrets are in no file: not even the person could be shown more than their hashes. */
export const vaultFiles = (vault: Kept): readonly PersonalFile[] => [
  {
    name: 'sessions',
    what: 'Sessions that are open',
    atErasure: 'gone',
    async *pages({ accountId }) {
      const sessions = await vault.sessions.listOf(accountId)
      yield sessions.map(({ sessionId: id, device, secondFactor, createdAt, lastUsedAt, expiresAt }) => ({
        id,
        device,
        secondFactor,
        createdAt: timestamp(createdAt),
        lastUsedAt: timestamp(lastUsedAt),
        expiresAt: timestamp(expiresAt),
      }))
    },
  },
  {
    name: 'ways-to-log-in',
    what: 'By what the account is logged in to',
    atErasure: 'gone',
    async *pages({ accountId }) {
      yield await factorsOf(vault, accountId)
    },
  },
  {
    name: 'access-tokens',
    what: 'Tokens that were made for programs',
    atErasure: 'gone',
    async *pages({ accountId }) {
      const tokens = await vault.accessTokens.listOf(accountId)
      yield tokens.map(({ tokenId: id, kind, name, scopes, createdAt, expiresAt, lastUsedAt }) => ({
        id,
        kind,
        name,
        scopes,
        createdAt: timestamp(createdAt),
        expiresAt: time(expiresAt),
        lastUsedAt: time(lastUsedAt),
      }))
    },
  },
  {
    name: 'address-sightings',
    what: 'From where the account came: keyed hashes of addresses and of the blocks they lie in, since no more is kept',
    atErasure: 'gone',
    async *pages({ accountId }) {
      const sightings = await vault.sightings.of(accountId)
      yield sightings.map(({ address, network, firstSeenAt, lastSeenAt }) => ({
        addressHash: address,
        networkHash: network,
        firstSeenAt: timestamp(firstSeenAt),
        lastSeenAt: timestamp(lastSeenAt),
      }))
    },
  },
]

/** Tables of the vault that are in files. */
export const vaultTables = [
  'credentials',
  'sessions',
  'totp',
  'recovery_codes',
  'passkeys',
  'access_tokens',
  'sightings',
] as const

const ofThePlatform = 'the platform’s own'

/** Tables of the vault of which nothing is in an archive. */
export const vaultNotExported: NotExported = {
  personal_keys: 'the key that what the person wrote is sealed with; what it seals is here in clear',
  refresh_tokens: 'hashes of the secrets of sessions.json',
  one_time_tokens: 'hashes of secrets in mails, gone when they are used or within days',
  registrations: 'by which command the account was registered, and a keyed hash of what that said, for a day',
  requests:
    'what requests found the first time that they came, ids above all, so that one sent again is known, for a day',
  known_devices: 'keyed hashes of devices that were seen, from which nothing can be read',
  stream_keys: 'hashes of the keys of stream-keys.json',
  imports: 'which line of a file an account came from, by number alone',
  master_key: ofThePlatform,
  secrets: ofThePlatform,
  signing_keys: ofThePlatform,
  wrapping_keys: ofThePlatform,
  wrapping_key_copies: ofThePlatform,
  evidence_keys: ofThePlatform,
  reconciled: ofThePlatform,
  migrations: ofThePlatform,
}
