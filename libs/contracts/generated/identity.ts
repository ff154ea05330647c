// Generated from schemas/identity/ by `npm run generate`.
import type { Contract } from '../contract.ts'
import type { Sealed } from '../sealed.ts'

/** The owner of the account has made a token. */
export type AccessTokenCreated = {
  readonly type: 'AccessTokenCreated'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Names the token; its secret stands in the vault. */
  readonly tokenId: string
  /** Of a person, or of a bot of theirs. */
  readonly kind: 'personal' | 'bot'
  /** What its owner calls it. Sealed with the key of `accountId`. */
  readonly name: Sealed
  /** What may be done with it. */
  readonly scopes: readonly string[]
  /** When it ends by itself; without, never. */
  readonly expiresAt: number | null
}

/** Tokens have ended: edges refuse them and close their sockets. */
export type AccessTokensRevoked = {
  readonly type: 'AccessTokensRevoked'
  /** Tokens that ended. */
  readonly tokenIds: readonly string[]
}

/** The account is erased: its personal key is destroyed, and what it sealed cannot be read any more. */
export type AccountErased = {
  readonly type: 'AccountErased'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
}

/** An account is open: its owner can log in. */
export type AccountOpened = {
  readonly type: 'AccountOpened'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Nick, login and slug at once, as it was written. Sealed with the key of `accountId`. */
  readonly handle: Sealed
  /** Any Unicode; shown beside messages. Sealed with the key of `accountId`. */
  readonly displayName: Sealed
  /** Address for mail from the platform. Sealed with the key of `accountId`. */
  readonly email: Sealed | null
  /** What the account may do on the platform as a whole. */
  readonly platformRole: 'user' | 'admin'
}

/** The account is suspended no more. */
export type AccountRestored = {
  readonly type: 'AccountRestored'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Why. Sealed with the key of `accountId`. */
  readonly reason: Sealed
}

/** The account is suspended: nobody can log in to it. */
export type AccountSuspended = {
  readonly type: 'AccountSuspended'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** What its owner is told. Sealed with the key of `accountId`. */
  readonly reason: Sealed
  /** When it ends by itself; without, never. */
  readonly until: number | null
}

/** Mail arrives at this address: it is the account's from now on. */
export type EmailConfirmed = {
  readonly type: 'EmailConfirmed'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Address for mail from the platform. Sealed with the key of `accountId`. */
  readonly email: Sealed
  /** How many addresses of the account were confirmed, this one included. */
  readonly revision: number
}

/** A handle belongs to an account or a channel from now on. */
export type HandleClaimed = {
  readonly type: 'HandleClaimed'
  /** What the handle names. */
  readonly holderKind: 'account' | 'channel'
  /** Id of the account or channel that holds the handle. */
  readonly holderId: string
  /** Account id of the person whose key seals the handle: the account itself, or the owner of the channel. */
  readonly ownerId: string
  /** As it was written. Sealed with the key of `ownerId`. */
  readonly handle: Sealed
  /** Any Unicode; shown beside messages. Sealed with the key of `ownerId`. */
  readonly displayName: Sealed
  /** Address for mail from the platform. Sealed with the key of `ownerId`. */
  readonly email: Sealed | null
  /** What the account may do on the platform as a whole. */
  readonly platformRole: 'user' | 'admin'
}

/** A handle is free again. */
export type HandleReleased = {
  readonly type: 'HandleReleased'
  /** Id of the account or channel that held it. */
  readonly holderId: string
}

/** The password was changed; it stands in the vault alone. */
export type PasswordChanged = {
  readonly type: 'PasswordChanged'
}

/** The account has another role on the platform. */
export type PlatformRoleAssigned = {
  readonly type: 'PlatformRoleAssigned'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** What it is from now on. */
  readonly role: 'owner' | 'admin' | 'moderator' | 'support' | 'developer' | 'user'
}

/** Somebody has logged in. */
export type SessionOpened = {
  readonly type: 'SessionOpened'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** The session; its secret stands in the vault. */
  readonly sessionId: string
  /** By what they have shown who they are. */
  readonly method: 'password' | 'password_change' | 'passkey'
  /** What the device said of itself. Sealed with the key of `accountId`. */
  readonly device: Sealed | null
}

/** Sessions have ended: edges close their sockets and refuse their tokens. */
export type SessionsRevoked = {
  readonly type: 'SessionsRevoked'
  /** Sessions that ended. */
  readonly sessionIds: readonly string[]
}

/** A secret of a session came again after it was used: somebody else has it, or had it. */
export type TokenReused = {
  readonly type: 'TokenReused'
  /** The session that it belongs to. */
  readonly sessionId: string
}

/** Gives an account its role on the platform. */
export type AssignPlatformRole = {
  readonly type: 'AssignPlatformRole'
  /** What it is from now on; `user` is none. */
  readonly role: 'owner' | 'admin' | 'moderator' | 'support' | 'developer' | 'user'
}

/** Claims a handle for an account or a channel. Decided by the aggregate of the handle, so the claim is final at once. */
export type ClaimHandle = {
  readonly type: 'ClaimHandle'
  /** As it was written, ^[A-Za-z0-9_]{3,25}$; compared without case. */
  readonly handle: string
  /** What the handle names. */
  readonly holderKind: 'account' | 'channel'
  /** Id of the account or channel that holds the handle. */
  readonly holderId: string
  /** Account id of the person whose key seals the handle: the account itself, or the owner of the channel. */
  readonly ownerId: string
  /** Any Unicode; shown beside messages. */
  readonly displayName: string
  /** Address for mail from the platform. */
  readonly email: string | null
  /** What the account may do on the platform as a whole. */
  readonly platformRole: 'user' | 'admin'
}

/** Makes an address that was confirmed by a mail to it the account's. */
export type ConfirmEmail = {
  readonly type: 'ConfirmEmail'
  /** Address for mail from the platform. */
  readonly email: string
  /** How many addresses of the account had been confirmed when the mail was sent. */
  readonly revision: number
}

/** Records a token that the owner of the account has made. */
export type CreateAccessToken = {
  readonly type: 'CreateAccessToken'
  /** Names the token; its secret stands in the vault. */
  readonly tokenId: string
  /** Of a person, or of a bot of theirs. */
  readonly kind: 'personal' | 'bot'
  /** What its owner calls it. */
  readonly name: string
  /** What may be done with it. */
  readonly scopes: readonly string[]
  /** When it ends by itself; without, never. */
  readonly expiresAt: number | null
}

/** Erases all that is personal of the account, for ever. */
export type EraseAccount = {
  readonly type: 'EraseAccount'
}

/** Opens the account whose handle has been claimed. Sent by the process manager of handles. */
export type OpenAccount = {
  readonly type: 'OpenAccount'
  /** As it was written. */
  readonly handle: string
  /** Any Unicode; shown beside messages. */
  readonly displayName: string
  /** Address for mail from the platform. */
  readonly email: string | null
  /** What the account may do on the platform as a whole. */
  readonly platformRole: 'user' | 'admin'
}

/** Records that somebody has logged in. Refused while the account is suspended. */
export type OpenSession = {
  readonly type: 'OpenSession'
  /** The session; its secret stands in the vault. */
  readonly sessionId: string
  /** By what they have shown who they are. */
  readonly method: 'password' | 'password_change' | 'passkey'
  /** What the device says of itself. */
  readonly device: string | null
}

/** Records that the password, which only the vault holds, was changed. */
export type RecordPasswordChange = {
  readonly type: 'RecordPasswordChange'
  /** Sessions that end by it. */
  readonly sessionIds: readonly string[]
}

/** Records that a secret of a session came again after it was used: the session ends. */
export type RecordTokenReuse = {
  readonly type: 'RecordTokenReuse'
  /** The session that it belongs to. */
  readonly sessionId: string
}

/** Gives a handle back that could not be used. Sent by the process manager of handles. */
export type ReleaseHandle = {
  readonly type: 'ReleaseHandle'
  /** Id of the account or channel that holds the handle. */
  readonly holderId: string
}

/** Ends the suspension of an account. */
export type RestoreAccount = {
  readonly type: 'RestoreAccount'
  /** Why. */
  readonly reason: string
}

/** Ends tokens: they are refused, and their sockets closed. */
export type RevokeAccessTokens = {
  readonly type: 'RevokeAccessTokens'
  /** Tokens to end. */
  readonly tokenIds: readonly string[]
}

/** Ends sessions: their sockets are closed and their tokens are refused. */
export type RevokeSessions = {
  readonly type: 'RevokeSessions'
  /** Sessions to end. */
  readonly sessionIds: readonly string[]
}

/** Suspends an account: its sessions end, and nobody can log in to it. */
export type SuspendAccount = {
  readonly type: 'SuspendAccount'
  /** What its owner is told. */
  readonly reason: string
  /** When it ends by itself; without, never. */
  readonly until: number | null
  /** Sessions to end. */
  readonly sessionIds: readonly string[]
}

export type IdentityEvent =
  | AccessTokenCreated
  | AccessTokensRevoked
  | AccountErased
  | AccountOpened
  | AccountRestored
  | AccountSuspended
  | EmailConfirmed
  | HandleClaimed
  | HandleReleased
  | PasswordChanged
  | PlatformRoleAssigned
  | SessionOpened
  | SessionsRevoked
  | TokenReused

export type IdentityCommand =
  | AssignPlatformRole
  | ClaimHandle
  | ConfirmEmail
  | CreateAccessToken
  | EraseAccount
  | OpenAccount
  | OpenSession
  | RecordPasswordChange
  | RecordTokenReuse
  | ReleaseHandle
  | RestoreAccount
  | RevokeAccessTokens
  | RevokeSessions
  | SuspendAccount

/** By type the fields that may be left out, as null: spread below those that are given. */
export const identityAbsent = {
  AccessTokenCreated: {
    expiresAt: null,
  },
  AccountOpened: {
    email: null,
  },
  AccountSuspended: {
    until: null,
  },
  HandleClaimed: {
    email: null,
  },
  SessionOpened: {
    device: null,
  },
  ClaimHandle: {
    email: null,
  },
  CreateAccessToken: {
    expiresAt: null,
  },
  OpenAccount: {
    email: null,
  },
  OpenSession: {
    device: null,
  },
  SuspendAccount: {
    until: null,
  },
} as const

const none: readonly string[] = []

export const identity: Contract<IdentityEvent, IdentityCommand> = {
  events: {
    AccessTokenCreated: {
      schemas: ['identity/events/AccessTokenCreated.v1'],
      sealed: { name: 'accountId' },
      plain: (event) => ({
        type: 'AccessTokenCreated',
        accountId: event.accountId,
        tokenId: event.tokenId,
        kind: event.kind,
        name: event.name,
        scopes: event.scopes,
        expiresAt: event.expiresAt,
      }),
      seal: (event, id, seal) => ({
        type: 'AccessTokenCreated',
        accountId: event.accountId,
        tokenId: event.tokenId,
        kind: event.kind,
        name: seal(event.accountId, id, 'name', event.name),
        scopes: event.scopes,
        expiresAt: event.expiresAt,
      }),
      open: (event, id, open) => ({
        type: 'AccessTokenCreated',
        accountId: event.accountId,
        tokenId: event.tokenId,
        kind: event.kind,
        name: open(event.accountId, id, 'name', event.name),
        scopes: event.scopes,
        expiresAt: event.expiresAt,
      }),
      subjects: (event) => [event.accountId],
    },
    AccessTokensRevoked: {
      schemas: ['identity/events/AccessTokensRevoked.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AccessTokensRevoked',
        tokenIds: event.tokenIds,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    AccountErased: {
      schemas: ['identity/events/AccountErased.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AccountErased',
        accountId: event.accountId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    AccountOpened: {
      schemas: ['identity/events/AccountOpened.v1'],
      sealed: { handle: 'accountId', displayName: 'accountId', email: 'accountId' },
      plain: (event) => ({
        type: 'AccountOpened',
        accountId: event.accountId,
        handle: event.handle,
        displayName: event.displayName,
        email: event.email,
        platformRole: event.platformRole,
      }),
      seal: (event, id, seal) => ({
        type: 'AccountOpened',
        accountId: event.accountId,
        handle: seal(event.accountId, id, 'handle', event.handle),
        displayName: seal(event.accountId, id, 'displayName', event.displayName),
        email: event.email === null ? null : seal(event.accountId, id, 'email', event.email),
        platformRole: event.platformRole,
      }),
      open: (event, id, open) => ({
        type: 'AccountOpened',
        accountId: event.accountId,
        handle: open(event.accountId, id, 'handle', event.handle),
        displayName: open(event.accountId, id, 'displayName', event.displayName),
        email: event.email === null ? null : open(event.accountId, id, 'email', event.email),
        platformRole: event.platformRole,
      }),
      subjects: (event) => [event.accountId],
    },
    AccountRestored: {
      schemas: ['identity/events/AccountRestored.v1'],
      sealed: { reason: 'accountId' },
      plain: (event) => ({
        type: 'AccountRestored',
        accountId: event.accountId,
        reason: event.reason,
      }),
      seal: (event, id, seal) => ({
        type: 'AccountRestored',
        accountId: event.accountId,
        reason: seal(event.accountId, id, 'reason', event.reason),
      }),
      open: (event, id, open) => ({
        type: 'AccountRestored',
        accountId: event.accountId,
        reason: open(event.accountId, id, 'reason', event.reason),
      }),
      subjects: (event) => [event.accountId],
    },
    AccountSuspended: {
      schemas: ['identity/events/AccountSuspended.v1'],
      sealed: { reason: 'accountId' },
      plain: (event) => ({
        type: 'AccountSuspended',
        accountId: event.accountId,
        reason: event.reason,
        until: event.until,
      }),
      seal: (event, id, seal) => ({
        type: 'AccountSuspended',
        accountId: event.accountId,
        reason: seal(event.accountId, id, 'reason', event.reason),
        until: event.until,
      }),
      open: (event, id, open) => ({
        type: 'AccountSuspended',
        accountId: event.accountId,
        reason: open(event.accountId, id, 'reason', event.reason),
        until: event.until,
      }),
      subjects: (event) => [event.accountId],
    },
    EmailConfirmed: {
      schemas: ['identity/events/EmailConfirmed.v1'],
      sealed: { email: 'accountId' },
      plain: (event) => ({
        type: 'EmailConfirmed',
        accountId: event.accountId,
        email: event.email,
        revision: event.revision,
      }),
      seal: (event, id, seal) => ({
        type: 'EmailConfirmed',
        accountId: event.accountId,
        email: seal(event.accountId, id, 'email', event.email),
        revision: event.revision,
      }),
      open: (event, id, open) => ({
        type: 'EmailConfirmed',
        accountId: event.accountId,
        email: open(event.accountId, id, 'email', event.email),
        revision: event.revision,
      }),
      subjects: (event) => [event.accountId],
    },
    HandleClaimed: {
      schemas: ['identity/events/HandleClaimed.v1'],
      sealed: { handle: 'ownerId', displayName: 'ownerId', email: 'ownerId' },
      plain: (event) => ({
        type: 'HandleClaimed',
        holderKind: event.holderKind,
        holderId: event.holderId,
        ownerId: event.ownerId,
        handle: event.handle,
        displayName: event.displayName,
        email: event.email,
        platformRole: event.platformRole,
      }),
      seal: (event, id, seal) => ({
        type: 'HandleClaimed',
        holderKind: event.holderKind,
        holderId: event.holderId,
        ownerId: event.ownerId,
        handle: seal(event.ownerId, id, 'handle', event.handle),
        displayName: seal(event.ownerId, id, 'displayName', event.displayName),
        email: event.email === null ? null : seal(event.ownerId, id, 'email', event.email),
        platformRole: event.platformRole,
      }),
      open: (event, id, open) => ({
        type: 'HandleClaimed',
        holderKind: event.holderKind,
        holderId: event.holderId,
        ownerId: event.ownerId,
        handle: open(event.ownerId, id, 'handle', event.handle),
        displayName: open(event.ownerId, id, 'displayName', event.displayName),
        email: event.email === null ? null : open(event.ownerId, id, 'email', event.email),
        platformRole: event.platformRole,
      }),
      subjects: (event) => [event.ownerId],
    },
    HandleReleased: {
      schemas: ['identity/events/HandleReleased.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'HandleReleased',
        holderId: event.holderId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    PasswordChanged: {
      schemas: ['identity/events/PasswordChanged.v1'],
      sealed: {},
      plain: () => ({
        type: 'PasswordChanged',
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    PlatformRoleAssigned: {
      schemas: ['identity/events/PlatformRoleAssigned.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'PlatformRoleAssigned',
        accountId: event.accountId,
        role: event.role,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    SessionOpened: {
      schemas: ['identity/events/SessionOpened.v1'],
      sealed: { device: 'accountId' },
      plain: (event) => ({
        type: 'SessionOpened',
        accountId: event.accountId,
        sessionId: event.sessionId,
        method: event.method,
        device: event.device,
      }),
      seal: (event, id, seal) => ({
        type: 'SessionOpened',
        accountId: event.accountId,
        sessionId: event.sessionId,
        method: event.method,
        device: event.device === null ? null : seal(event.accountId, id, 'device', event.device),
      }),
      open: (event, id, open) => ({
        type: 'SessionOpened',
        accountId: event.accountId,
        sessionId: event.sessionId,
        method: event.method,
        device: event.device === null ? null : open(event.accountId, id, 'device', event.device),
      }),
      subjects: (event) => (event.device === null ? none : [event.accountId]),
    },
    SessionsRevoked: {
      schemas: ['identity/events/SessionsRevoked.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'SessionsRevoked',
        sessionIds: event.sessionIds,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    TokenReused: {
      schemas: ['identity/events/TokenReused.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'TokenReused',
        sessionId: event.sessionId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
  },
  commands: {
    AssignPlatformRole: {
      schemas: ['identity/commands/AssignPlatformRole.v1'],
      plain: (command) => ({
        type: 'AssignPlatformRole',
        role: command.role,
      }),
    },
    ClaimHandle: {
      schemas: ['identity/commands/ClaimHandle.v1'],
      plain: (command) => ({
        type: 'ClaimHandle',
        handle: command.handle,
        holderKind: command.holderKind,
        holderId: command.holderId,
        ownerId: command.ownerId,
        displayName: command.displayName,
        email: command.email,
        platformRole: command.platformRole,
      }),
    },
    ConfirmEmail: {
      schemas: ['identity/commands/ConfirmEmail.v1'],
      plain: (command) => ({
        type: 'ConfirmEmail',
        email: command.email,
        revision: command.revision,
      }),
    },
    CreateAccessToken: {
      schemas: ['identity/commands/CreateAccessToken.v1'],
      plain: (command) => ({
        type: 'CreateAccessToken',
        tokenId: command.tokenId,
        kind: command.kind,
        name: command.name,
        scopes: command.scopes,
        expiresAt: command.expiresAt,
      }),
    },
    EraseAccount: {
      schemas: ['identity/commands/EraseAccount.v1'],
      plain: () => ({
        type: 'EraseAccount',
      }),
    },
    OpenAccount: {
      schemas: ['identity/commands/OpenAccount.v1'],
      plain: (command) => ({
        type: 'OpenAccount',
        handle: command.handle,
        displayName: command.displayName,
        email: command.email,
        platformRole: command.platformRole,
      }),
    },
    OpenSession: {
      schemas: ['identity/commands/OpenSession.v1'],
      plain: (command) => ({
        type: 'OpenSession',
        sessionId: command.sessionId,
        method: command.method,
        device: command.device,
      }),
    },
    RecordPasswordChange: {
      schemas: ['identity/commands/RecordPasswordChange.v1'],
      plain: (command) => ({
        type: 'RecordPasswordChange',
        sessionIds: command.sessionIds,
      }),
    },
    RecordTokenReuse: {
      schemas: ['identity/commands/RecordTokenReuse.v1'],
      plain: (command) => ({
        type: 'RecordTokenReuse',
        sessionId: command.sessionId,
      }),
    },
    ReleaseHandle: {
      schemas: ['identity/commands/ReleaseHandle.v1'],
      plain: (command) => ({
        type: 'ReleaseHandle',
        holderId: command.holderId,
      }),
    },
    RestoreAccount: {
      schemas: ['identity/commands/RestoreAccount.v1'],
      plain: (command) => ({
        type: 'RestoreAccount',
        reason: command.reason,
      }),
    },
    RevokeAccessTokens: {
      schemas: ['identity/commands/RevokeAccessTokens.v1'],
      plain: (command) => ({
        type: 'RevokeAccessTokens',
        tokenIds: command.tokenIds,
      }),
    },
    RevokeSessions: {
      schemas: ['identity/commands/RevokeSessions.v1'],
      plain: (command) => ({
        type: 'RevokeSessions',
        sessionIds: command.sessionIds,
      }),
    },
    SuspendAccount: {
      schemas: ['identity/commands/SuspendAccount.v1'],
      plain: (command) => ({
        type: 'SuspendAccount',
        reason: command.reason,
        until: command.until,
        sessionIds: command.sessionIds,
      }),
    },
  },
}
