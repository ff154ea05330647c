import type { webcrypto } from 'node:crypto'
import type { Sealed } from '#libs/contracts/sealed.ts'
import type { Factors } from './factors.ts'
import type { Imports } from './imports.ts'
import type { KnownDevices } from './known-devices.ts'
import type { Registrations } from './registrations.ts'
import type { Requests } from './requests.ts'

/** Account ids and channel ids share one number space: decimal strings below 2^53. */
export type AccountId = string

/**
 * People's own keys (I11). A subject is an account id. A key that is erased leaves a tombstone: sealing for it throws
 * `SubjectErased`, opening yields undefined, for ever.
 */
export type PersonalKeys = {
  /** Makes a key for a new subject; does nothing where there is one. Rejects with `SubjectErased`. */
  readonly create: (subject: AccountId) => Promise<void>
  /** Fetches what is not in the bounded cache, one query for all. Unknown subjects are simply not cached. */
  readonly prefetch: (subjects: Iterable<AccountId>) => Promise<void>
  /** Destroys the key, leaves the tombstone. Idempotent. */
  readonly erase: (subject: AccountId) => Promise<void>
  /** Whether there is a tombstone by now, here or in the database, whatever is cached. */
  readonly isErased: (subject: AccountId) => Promise<boolean>
  /** To be called on an erasure event: drops the cached key at once; later fetches find the tombstone or nothing. */
  readonly forget: (subject: AccountId) => void
  /** Synchronous; the key must have been prefetched, else `KeyNotLoaded` is thrown. */
  readonly seal: (subject: AccountId, eventId: string, field: string, text: string) => Sealed
  /** Synchronous, after a prefetch; undefined where the subject is erased, unknown, or the bytes are not its own. */
  readonly open: (subject: AccountId, eventId: string, field: string, sealed: Sealed) => string | undefined
}

/** By which access tokens are signed (RFC 7518, 3.4; RFC 8037). */
export type SigningAlgorithm = 'EdDSA' | 'ES256'

/** Keyed hashes by the vault's pepper (HMAC-SHA-256, base64url). */
export type Hashes = {
  /** For what is compared and is a key: `handle`, `email`, `address`, and `name` for what a name looks like. The value is normalised by the caller. */
  readonly compare: (kind: 'handle' | 'email' | 'address' | 'name', value: string) => string
  /** Signs what opens media of a channel for a while. */
  readonly playback: (text: string) => string
  /** Signs that somebody sent in a picture for a channel. */
  readonly attachment: (text: string) => string
  /** For rules that compare texts, and for payloads of commands that come twice. */
  readonly fingerprint: (value: string | Buffer) => string
}

export type Credential = {
  readonly accountId: AccountId
  /** Argon2id as a PHC string, or what somebody brought from elsewhere (bcrypt); the vault keeps it wrapped. */
  readonly passwordHash: string
  readonly mustChange: boolean
  /** Another one for each password that is put, and the same however it is hashed. */
  readonly passwordId: string
}

/** One that is put back keeps its id. */
export type NewCredential = Omit<Credential, 'passwordId'> & Partial<Pick<Credential, 'passwordId'>>

export type Session = {
  readonly sessionId: string
  readonly accountId: AccountId
  readonly createdAt: number
  readonly expiresAt: number
  /** When who has it last showed who they are. */
  readonly authenticatedAt: number
  /** Whether they showed two factors, at the login or since. */
  readonly secondFactor: boolean
}

/** What a secret that somebody was sent may be used for. */
export type OneTimePurpose =
  | 'confirm email'
  | 'reset password'
  | 'invitation'
  | 'second factor'
  | 'add passkey'
  | 'use passkey'
  | 'keep factors'

/** A secret that was sent, as it is kept: by its hash, with a detail that is sealed by the master key. */
export type OneTimeToken = {
  readonly hash: Buffer
  readonly purpose: OneTimePurpose
  readonly accountId: AccountId
  /** Tokens that were made for one thing share their group. */
  readonly group: string
  readonly detail: Readonly<Record<string, string | number>>
  readonly expiresAt: number
}

/** A key by which an encoder publishes to a channel, without its secret. */
export type StreamKey = {
  /** UUIDv7. */
  readonly keyId: string
  readonly channelId: string
  /** When it ceases to be good; null for never. Whoever finds a key looks at this. */
  readonly expiresAt: number | null
}

/** That an account came from an address: both as HMACs (`compare('address', …)`). */
export type Sighting = {
  readonly address: string
  /** Of the /24, or of IPv6 the /64, in which the address lies. */
  readonly network: string
  readonly firstSeenAt: number
  readonly lastSeenAt: number
}

/** A token that somebody made for a program: of their own, of a bot, or the login key of an older bot. */
export type AccessTokenKind = 'personal' | 'bot' | 'login_key'

/** Such a token, without its secret. */
export type AccessToken = {
  /** UUIDv7. */
  readonly tokenId: string
  readonly accountId: AccountId
  readonly kind: AccessTokenKind
  readonly scopes: readonly string[]
  /** When it ceases to be good; null for never. Whoever finds one looks at this, and at the next. */
  readonly expiresAt: number | null
  /** Until when its account is suspended; null where it is not. */
  readonly blockedUntil: number | null
}

/** Such a token as its owner is shown it. */
export type AccessTokenDetails = AccessToken & {
  readonly name: string
  readonly createdAt: number
  /** To ten minutes; null where it was never used. */
  readonly lastUsedAt: number | null
}

/** A session as its owner is shown it. */
export type SessionDetails = Session & {
  /** What the device said of itself when it logged in. */
  readonly device: string | null
  readonly lastUsedAt: number
}

/** What became of a session's secret that was sent for the next one. */
export type Renewal =
  | { readonly kind: 'renewed'; readonly session: Session; readonly secret: string }
  /** It was used before: somebody else has it, or had it. The session is to be revoked. */
  | { readonly kind: 'reused'; readonly session: Session }

/** A position in a partition of a journal, of whichever log. */
export type JournalPlace = { readonly offset: number; readonly claim: number; readonly n: number }

/** The second truth (I1): secrets and personal keys, in the Postgres schema `vault`, the only one with migrations. */
export type Vault = {
  readonly keys: PersonalKeys
  readonly hashes: Hashes
  /** The next free account or channel id. */
  readonly nextId: () => Promise<string>
  readonly credentials: {
    readonly put: (credential: NewCredential) => Promise<void>
    /** Puts it in the place of the password of that id, or where there is none; false where there is another by now. */
    readonly replace: (credential: NewCredential, formerId: string | undefined) => Promise<boolean>
    readonly get: (accountId: AccountId) => Promise<Credential | undefined>
    /** Puts another hash of the same password in the place of one, unless that was replaced since. */
    readonly rehash: (accountId: AccountId, before: string, after: string) => Promise<void>
    readonly remove: (accountId: AccountId) => Promise<void>
  }
  readonly sessions: {
    /** Stores the hash of a random 256-bit secret; the secret is returned once, for the cookie. */
    readonly open: (
      accountId: AccountId,
      lifetimeMs: number,
      more?: { readonly device?: string | undefined; readonly secondFactor?: boolean },
    ) => Promise<{ readonly session: Session; readonly secret: string }>
    /** By a secret that could be renewed; it is not used up by this. */
    readonly find: (secret: string) => Promise<Session | undefined>
    /**
     * Takes a secret for the next one. Each is good once; within a minute the last one used is good once more, since its
     * answer may have been lost. Undefined where nobody knows it.
     */
    readonly renew: (secret: string) => Promise<Renewal | undefined>
    /** Whether the session is still there: it was neither closed nor has it expired. */
    readonly isOpen: (sessionId: string) => Promise<boolean>
    /**
     * Notes that who has it showed at that time who they are, and whether by two factors, and gives it another secret; those
     * before are good no more, and end the session where they come again. Undefined where it is gone.
     */
    readonly authenticate: (
      sessionId: string,
      secondFactor: boolean,
      shownAt: number,
    ) => Promise<{ readonly session: Session; readonly secret: string } | undefined>
    readonly close: (sessionId: string) => Promise<void>
    /** The sessions of an account that are open. */
    readonly idsOf: (accountId: AccountId) => Promise<readonly string[]>
    /** The same with what their owner is shown, the one used last first. */
    readonly listOf: (accountId: AccountId) => Promise<readonly SessionDetails[]>
    /** All of an account, or those that were opened up to then. */
    readonly closeAll: (accountId: AccountId, openedBy?: number) => Promise<readonly string[]>
  }
  /** What accounts are logged in to by, beside passwords. */
  readonly factors: Factors
  /** From which devices somebody has logged in lately. */
  readonly knownDevices: KnownDevices
  /** Accounts that are brought from elsewhere. */
  readonly imports: Imports
  /** Secrets that are sent to somebody and good once, until they expire. */
  readonly oneTime: {
    /** Stores the hash of a random 256-bit secret; the secret is returned once, for the mail. */
    readonly issue: (
      token: Pick<OneTimeToken, 'purpose' | 'accountId'> &
        Partial<Pick<OneTimeToken, 'group' | 'detail'>> & { readonly lifetimeMs: number },
    ) => Promise<string>
    /**
     * Takes the token away, so that it is good once: of two who have it one gets it. `left` are those of its group that
     * are still there. Undefined where there is none of that purpose, or it has expired. A command that comes again, since
     * whoever sent it was cut off, gets what it took.
     */
    readonly take: (
      purpose: OneTimePurpose,
      secret: string,
      commandId?: string,
    ) => Promise<(OneTimeToken & { readonly left: number }) | undefined>
    /** For what could not be done with it after all; what a command took only that command puts back. */
    readonly putBack: (token: OneTimeToken, commandId?: string) => Promise<void>
    /** All of an account, or those for one purpose. */
    readonly drop: (accountId: AccountId, purpose?: OneTimePurpose) => Promise<void>
  }
  /** Accounts that are being registered. */
  readonly registrations: Registrations
  /** What requests for commands found the first time that they came. */
  readonly requests: Requests
  /** Stream keys, several for a channel. */
  readonly streamKeys: {
    /** Stores the hash of a random 256-bit secret; the secret is returned once, for the encoder. */
    readonly issue: (key: StreamKey) => Promise<string>
    /** Undefined where nobody knows it. */
    readonly find: (secret: string) => Promise<StreamKey | undefined>
    /** Gives a key another secret, beside those that it has; undefined where the channel has no such key. */
    readonly renew: (keyId: string, channelId: string) => Promise<string | undefined>
    /**
     * Once the journal has said in its record `n` that the key has this secret; the others stay, or are dropped. False where
     * a later record has given the key another: then it is this one that goes.
     */
    readonly settle: (
      key: { readonly keyId: string; readonly channelId: string; readonly secret: string; readonly n: number },
      others: 'keep' | 'drop',
    ) => Promise<boolean>
    /** Takes this one secret away. */
    readonly discard: (secret: string) => Promise<void>
    /** Takes all secrets of a key away, where it is the channel's. */
    readonly remove: (keyId: string, channelId: string) => Promise<void>
    /** All of a channel. */
    readonly dropAll: (channelId: string) => Promise<void>
  }
  /** From where accounts came; `libs/addresses` is the door to it. */
  readonly sightings: {
    readonly see: (accountId: AccountId, keys: Pick<Sighting, 'address' | 'network'>, at: number) => Promise<void>
    /** The latest first. */
    readonly of: (accountId: AccountId) => Promise<readonly Sighting[]>
    /** Accounts seen at that address or in that network, the latest first, 200 at most. */
    readonly accountsAt: (key: string) => Promise<readonly AccountId[]>
    readonly drop: (accountId: AccountId) => Promise<void>
    /** Drops those that were seen last before then. */
    readonly age: (before: number) => Promise<void>
  }
  /** Tokens that people make for programs, by their hashes. */
  readonly accessTokens: {
    /**
     * Makes a secret and stores its hash; the secret is returned once, for the owner. Undefined where there is a token of
     * that id already.
     */
    readonly issue: (
      token: Omit<AccessToken, 'blockedUntil'> & { readonly name: string },
    ) => Promise<string | undefined>
    /** By its secret, and notes the use of it, once in ten minutes at most. Undefined where nobody knows it. */
    readonly find: (secret: string) => Promise<AccessToken | undefined>
    /** The newest first. */
    readonly listOf: (accountId: AccountId) => Promise<readonly AccessTokenDetails[]>
    readonly remove: (tokenIds: readonly string[]) => Promise<void>
    /** While an account is suspended; null for good. */
    readonly block: (accountId: AccountId, until: number | null) => Promise<void>
    readonly unblock: (accountId: AccountId) => Promise<void>
    readonly dropAll: (accountId: AccountId) => Promise<void>
  }
  /** The platform's signature under what it has seen, Ed25519; whoever has the vault can verify it. */
  readonly evidence: {
    /** By the newest key, which the signature names. */
    readonly sign: (bytes: Buffer) => Promise<string>
    /** @param at when it was signed, as what was signed says: a key signs nothing once there is another. */
    readonly verify: (bytes: Buffer, signature: string, at: number) => Promise<boolean>
  }
  /** Signing keys for access tokens, sealed at rest by the master key. */
  readonly signing: {
    readonly current: () => Promise<{
      readonly kid: string
      readonly algorithm: SigningAlgorithm
      readonly privateKey: webcrypto.CryptoKey
    }>
    /** Public keys of all that may still have signed a living token. */
    readonly jwks: () => Promise<{ readonly keys: readonly Record<string, unknown>[] }>
    /** Makes a key that signs once every process has had the time to read it. @returns its kid, and from when on it signs */
    readonly rotate: () => Promise<{ readonly kid: string; readonly signsFrom: number }>
  }
  /**
   * For the start after a restored backup: of the accounts named, erases those whose key is here again, with their
   * credentials and sessions, and sees to it that `nextId` gives no number up to `highestId` again.
   * @returns the accounts that were erased
   */
  readonly reconcile: (facts: {
    readonly erased: readonly AccountId[]
    readonly highestId: number
  }) => Promise<readonly AccountId[]>
  /** Up to where in each partition of the account journal `reconcile` was told; a restored vault stands where it did. */
  readonly reconciled: {
    readonly places: (logId: string) => Promise<ReadonlyMap<number, JournalPlace>>
    readonly moveTo: (logId: string, places: ReadonlyMap<number, JournalPlace>) => Promise<void>
  }
  readonly close: () => Promise<void>
}

/** Sealing was asked for a person who has been erased. */
export class SubjectErased extends Error {
  readonly code = 'vault.subject_erased'
}

/** A key was used before it was prefetched, or there is no such subject. */
export class KeyNotLoaded extends Error {
  readonly code = 'vault.key_not_loaded'
}
