// Generated from schemas/identity/ by `npm run generate`.
import type { Contract } from '../contract.ts'
import type { Sealed } from '../sealed.ts'

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

/** Sessions have ended: edges close their sockets and refuse their tokens. */
export type SessionsRevoked = {
  readonly type: 'SessionsRevoked'
  /** Sessions that ended. */
  readonly sessionIds: readonly string[]
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

/** Records that the password, which only the vault holds, was changed. */
export type RecordPasswordChange = {
  readonly type: 'RecordPasswordChange'
  /** Sessions that end by it. */
  readonly sessionIds: readonly string[]
}

/** Gives a handle back that could not be used. Sent by the process manager of handles. */
export type ReleaseHandle = {
  readonly type: 'ReleaseHandle'
  /** Id of the account or channel that holds the handle. */
  readonly holderId: string
}

/** Ends sessions: their sockets are closed and their tokens are refused. */
export type RevokeSessions = {
  readonly type: 'RevokeSessions'
  /** Sessions to end. */
  readonly sessionIds: readonly string[]
}

export type IdentityEvent =
  | AccountErased
  | AccountOpened
  | EmailConfirmed
  | HandleClaimed
  | HandleReleased
  | PasswordChanged
  | SessionsRevoked

export type IdentityCommand =
  | ClaimHandle
  | ConfirmEmail
  | EraseAccount
  | OpenAccount
  | RecordPasswordChange
  | ReleaseHandle
  | RevokeSessions

/** By type the fields that may be left out, as null: spread below those that are given. */
export const identityAbsent = {
  AccountOpened: {
    email: null,
  },
  HandleClaimed: {
    email: null,
  },
  ClaimHandle: {
    email: null,
  },
  OpenAccount: {
    email: null,
  },
} as const

const none: readonly string[] = []

export const identity: Contract<IdentityEvent, IdentityCommand> = {
  events: {
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
  },
  commands: {
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
    RecordPasswordChange: {
      schemas: ['identity/commands/RecordPasswordChange.v1'],
      plain: (command) => ({
        type: 'RecordPasswordChange',
        sessionIds: command.sessionIds,
      }),
    },
    ReleaseHandle: {
      schemas: ['identity/commands/ReleaseHandle.v1'],
      plain: (command) => ({
        type: 'ReleaseHandle',
        holderId: command.holderId,
      }),
    },
    RevokeSessions: {
      schemas: ['identity/commands/RevokeSessions.v1'],
      plain: (command) => ({
        type: 'RevokeSessions',
        sessionIds: command.sessionIds,
      }),
    },
  },
}
