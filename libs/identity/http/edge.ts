import { system } from '#libs/access/principal.ts'
import type { Sightings } from '#libs/addresses/sightings.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { IdentityCommand } from '#libs/contracts/generated/identity.ts'
import type { Behind } from '#libs/http/behind.ts'
import { COMMAND_LIFETIME_MS, type CommandDoor, type Submitted, submit } from '#libs/http/command.ts'
import type { Once } from '#libs/http/once.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { RateLimiter } from '#libs/http/rate-limit.ts'
import type { Images } from '#libs/images/images.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Post } from '#libs/mail/post.ts'
import type { Passwords } from '#libs/vault/passwords.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { AccountsAsked, FoundAccount } from '../account-search.ts'
import type { AccountView } from '../account-view.ts'
import type { BannedRange } from '../addresses/queries.ts'
import type { Exports } from '../export/exports.ts'
import { lookOf } from '../names/skeleton.ts'
import type { PasswordStrength } from '../strength/strength.ts'
import type { FailedAttempts } from './failed-attempts.ts'
import type { FailedLogins } from './failed-logins.ts'
import type { KnownPlaces } from './known-places.ts'
import type { PublicCopies } from './remaining.ts'
import type { Together } from './together.ts'

/** Who holds a handle; one with a `retiredUntil` is not in use any more. */
export type Holder = { readonly kind: 'account' | 'channel'; readonly id: string; readonly retiredUntil: number | null }

/** A handle that an account goes by, or went by until then. */
export type FormerHandle = { readonly handle: string; readonly since: number; readonly until: number | null }

export type Block = { readonly id: string; readonly at: number }

/** How somebody is called; both null once they are erased. */
export type Names = { readonly handle: string | null; readonly displayName: string | null }

/** What the routes read: rows of the read model `accounts`. */
export type AccountReads = {
  readonly account: (accountId: string) => Promise<AccountView | undefined>
  /** By `hashes.compare('handle', <lower-cased handle>)`. */
  readonly holder: (handleHash: string) => Promise<Holder | undefined>
  /** Open accounts with an address, in whatever case it is written; several may have the same. */
  readonly withEmail: (email: string) => Promise<readonly AccountView[]>
  /** The newest first. */
  readonly handlesOf: (accountId: string) => Promise<readonly FormerHandle[]>
  /** Whom an account blocks, the latest first. */
  readonly blocksOf: (accountId: string) => Promise<readonly Block[]>
  /** Those that are not there are not in the answer. */
  readonly namesOf: (accountIds: readonly string[]) => Promise<ReadonlyMap<string, Names>>
}

/** What became of a claim, with the position of the record that says so. */
export type Opening = { readonly kind: 'opened' | 'released'; readonly position: string }

/** What the routes of accounts and sessions stand on. */
export type IdentityEdge = CommandDoor & {
  readonly vault: Pick<
    Vault,
    | 'hashes'
    | 'nextId'
    | 'credentials'
    | 'sessions'
    | 'factors'
    | 'knownDevices'
    | 'accessTokens'
    | 'signing'
    | 'oneTime'
    | 'registrations'
  > & {
    readonly keys: Pick<Vault['keys'], 'create' | 'erase'>
  }
  readonly once: Once
  readonly passwords: Passwords
  readonly together: Together
  readonly images: Images
  readonly strength: Pick<PasswordStrength, 'weakness'>
  readonly reads: AccountReads
  /** Resolves when the journal says what became of a claimed handle; undefined once the signal is aborted. */
  readonly opening: (holderId: string, signal: AbortSignal) => Promise<Opening | undefined>
  /** Waits for the read model to have reached a position; returns either way, within a bound. */
  readonly settle: (positions: readonly string[]) => Promise<void>
  readonly knownPlaces: KnownPlaces
  readonly failedLogins: FailedLogins
  readonly failedAttempts: Pick<FailedAttempts, 'note'>
  readonly limiter: RateLimiter
  /** Mail, sent behind the answer. */
  readonly post: Pick<Post, 'put'>
  /** Work behind the answer, for what its time must not tell. */
  readonly behind: Behind['run']
  /** Where links in mails lead. */
  readonly publicUrl: string
  readonly registration: 'open' | 'invitation' | 'closed'
  /** The version of the terms that has to be accepted; undefined for none. */
  readonly termsVersion: string | undefined
  /** How long an erasure can be cancelled; 0 erases at once. */
  readonly erasureDelayMs: number
  /** How long the owner may end a reset of factors. */
  readonly factorResetDelayMs: number
  /** Where public copies are, which an erasure leaves for a while. */
  readonly publicCopies: PublicCopies
  /** Whether cookies are sent over TLS only: wherever people reach the page over TLS. */
  readonly secureCookies: boolean
  readonly now: () => number
  readonly searchAccounts: (asked: AccountsAsked) => Promise<readonly FoundAccount[]>
  readonly sightings: Pick<Sightings, 'keysOf' | 'accountsAt'>
  /** Archives of all that is kept about somebody. */
  readonly exports: Exports
  /** Bans of addresses that stand at that time, the latest first. */
  readonly addressBans: (at: number, limit: number) => Promise<readonly BannedRange[]>
}

type Sent = {
  readonly key: string
  readonly principal: string
  readonly commandId: string
  readonly traceparent?: string | undefined
  /** What the edge knows of the sender besides (I9). */
  readonly facts?: Readonly<Record<string, string>>
}

/** Sends a command to an account or a handle. Throws its rejection as a problem. */
export const sendToIdentity = (
  edge: Pick<IdentityEdge, 'gateway' | 'diskFull' | 'now'>,
  command: IdentityCommand,
  { key, principal, commandId, traceparent, facts = {} }: Sent,
): Promise<Submitted> => {
  const { type, version, bytes } = codecs.account.encodeCommand(command)
  return submit(edge, {
    family: 'account',
    key,
    id: commandId,
    principal,
    type,
    version,
    payload: bytes,
    facts,
    expiresAt: edge.now() + COMMAND_LIFETIME_MS,
    ...(traceparent !== undefined && { traceparent }),
  })
}

/** Has the journal say how many logins to an account failed; of one that is gone nothing. */
export const recordFailedLogins =
  (edge: Pick<IdentityEdge, 'gateway' | 'diskFull' | 'now'>) =>
  (accountId: string, attempts: number): Promise<void> =>
    recordOf(edge, accountId, { type: 'RecordFailedLogins', attempts })

const recordOf = async (
  edge: Pick<IdentityEdge, 'gateway' | 'diskFull' | 'now'>,
  accountId: string,
  command: IdentityCommand,
): Promise<void> => {
  const sent = { key: accountId, principal: system, commandId: uuidv7() }
  try {
    await sendToIdentity(edge, command, sent)
  } catch (error) {
    if (!(error instanceof HttpProblem && error.code === 'identity.account_erased')) throw error
  }
}

/** What an edge refused somebody, by the id of the operation and with which code. */
export type Refused = { readonly operation: string; readonly code: string }

/** Has the journal say what somebody was refused, who may not do it; of one that is gone nothing. */
export const recordRefusedAccess =
  (edge: Pick<IdentityEdge, 'gateway' | 'diskFull' | 'now'>) =>
  (accountId: string, attempts: number, refused: Refused): Promise<void> =>
    recordOf(edge, accountId, { type: 'RecordRefusedAccess', attempts, ...refused })

/** The key of a name's aggregate: names that look alike are one. */
export const nameKey = (vault: Pick<Vault, 'hashes'>, name: string): string =>
  vault.hashes.compare('name', lookOf(name))

/** The key of a handle's aggregate: handles are unique without case. */
export const handleKey = (vault: Pick<Vault, 'hashes'>, handle: string): string =>
  vault.hashes.compare('handle', handle.toLowerCase())

/** Of a session, the same for as long as it lasts: only a page that was told at login can send it. */
export const csrfTokenOf = ({ vault }: { readonly vault: Pick<Vault, 'hashes'> }, sessionId: string): string =>
  vault.hashes.fingerprint(`csrf ${sessionId}`)
