// Generated from schemas/identity/ by `npm run generate`.
import type { Contract } from '../contract.ts'
import type { Sealed } from '../sealed.ts'

/** An edge refused the account what it may not do. */
export type AccessRefused = {
  readonly type: 'AccessRefused'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** How many, since the last record of an edge. */
  readonly attempts: number
  /** Id of the operation of the API that was tried last. */
  readonly operation: string
  /** With which that was refused. */
  readonly code: string
}

/** The owner of the account has made a token. */
export type AccessTokenCreated = {
  readonly type: 'AccessTokenCreated'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Names the token; its secret stands in the vault. */
  readonly tokenId: string
  /** Of a person, of a bot of theirs, or the login key of an older bot, for chat alone. */
  readonly kind: 'personal' | 'bot' | 'login_key'
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

/** An account wants nothing to do with another. */
export type AccountBlocked = {
  readonly type: 'AccountBlocked'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Account id of the other. */
  readonly blocked: string
}

/** An account is out of use until its owner comes back. */
export type AccountDeactivated = {
  readonly type: 'AccountDeactivated'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
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
  /** Version of the terms that were accepted with the registration. */
  readonly termsVersion: string | null
  /** Id of the account whose invitation was used. */
  readonly invitedBy: string | null
  /** Key of the handle: an HMAC. */
  readonly handleKey: string | null
  /** Key of the name that the name shown looks like: an HMAC. */
  readonly displayNameKey: string | null
  /** Of an account that was brought from elsewhere: since when it has been there. */
  readonly createdAt: number | null
}

/** An account is in use again. */
export type AccountReactivated = {
  readonly type: 'AccountReactivated'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
}

/** Somebody of staff looked at what is kept of the account. */
export type AccountRead = {
  readonly type: 'AccountRead'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** What they looked at. */
  readonly what: 'sessions'
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

/** A block is taken back. */
export type AccountUnblocked = {
  readonly type: 'AccountUnblocked'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Account id of the other. */
  readonly blocked: string
}

/** Somebody of staff looked for accounts, and was shown what was found. */
export type AccountsSearched = {
  readonly type: 'AccountsSearched'
  /** Account id of who did: a decimal string below 2^53. */
  readonly accountId: string
  /** Only those whose handle begins so. Sealed with the key of `accountId`. */
  readonly handle: Sealed | null
  /** Only those with an e-mail address, which is named nowhere. */
  readonly byEmail: boolean
  /** Only those that were seen at a network address, which is named nowhere. */
  readonly byAddress: boolean
  /** Only those in this state. */
  readonly state: string | null
  /** Only those with this role on the platform. */
  readonly role: string | null
  /** Made not before. */
  readonly from: number | null
  /** Made before. */
  readonly to: number | null
  /** Ids of the accounts that were shown. */
  readonly found: readonly string[]
}

/** Somebody of staff may act as the account for a while. */
export type ActingBegun = {
  readonly type: 'ActingBegun'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Account id of who of staff it is. */
  readonly actor: string
  /** The session by which they do. */
  readonly sessionId: string
  /** What the account's owner is told. Sealed with the key of `accountId`. */
  readonly reason: Sealed
  /** When it ends by itself. */
  readonly until: number
}

/** The ban of an address was ended before its time. */
export type AddressBanLifted = {
  readonly type: 'AddressBanLifted'
  /** Whose key seals the reason: that of the platform, 0. */
  readonly keeper: string
  /** Account id of who has ended it. */
  readonly actor: string
  /** Why, for staff. Sealed with the key of `keeper`. */
  readonly reason: Sealed
}

/** An address, or all that begin like it, may only read. */
export type AddressBanned = {
  readonly type: 'AddressBanned'
  /** Whose key seals the range and the reason: that of the platform, 0. */
  readonly keeper: string
  /** Account id of who has banned it. */
  readonly actor: string
  /** An address or a CIDR block, in one spelling of all. Sealed with the key of `keeper`. */
  readonly range: Sealed
  /** Why, for staff. Sealed with the key of `keeper`. */
  readonly reason: Sealed
  /** When it ends by itself; without, never. */
  readonly until: number | null
}

/** Somebody of staff read the audit, or took it away. */
export type AuditRead = {
  readonly type: 'AuditRead'
  /** Account id of who did: a decimal string below 2^53. */
  readonly accountId: string
  /** All that fits was handed out, not a page of it. */
  readonly exported: boolean
  /** Only what this account, or part of the platform, did. */
  readonly actor: string | null
  /** Only what was done to this account. */
  readonly target: string | null
  /** Only in this channel. */
  readonly channel: string | null
  /** Only of this kind. */
  readonly kind: string | null
  /** Only of this family. */
  readonly family: string | null
  /** Not before. */
  readonly from: number | null
  /** Before. */
  readonly to: number | null
  /** Only what has a reason that contains this. Sealed with the key of `accountId`. */
  readonly why: Sealed | null
  /** Only of accounts that were seen at an address, which is named nowhere. */
  readonly byAddress: boolean
}

/** Who is logged in has shown once more who they are. */
export type AuthenticationRenewed = {
  readonly type: 'AuthenticationRenewed'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** The session. */
  readonly sessionId: string
  /** By what they have shown who they are. */
  readonly method: 'password' | 'password_change' | 'passkey' | 'totp' | 'recovery_code'
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

/** An account is not to be erased after all. */
export type ErasureCancelled = {
  readonly type: 'ErasureCancelled'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
}

/** An account is to be erased, unless its owner thinks better of it. */
export type ErasureScheduled = {
  readonly type: 'ErasureScheduled'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** When it is erased. */
  readonly eraseAt: number
}

/** The account has one more factor to log in with. */
export type FactorAdded = {
  readonly type: 'FactorAdded'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** What kind of factor: codes by time, or a passkey. */
  readonly factor: 'totp' | 'passkey'
  /** Which one; its secret or public key stands in the vault. */
  readonly factorId: string
}

/** Somebody who knew the password had no right code, as often as it may be tried. */
export type FactorFailed = {
  readonly type: 'FactorFailed'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
}

/** A factor was taken away. */
export type FactorRemoved = {
  readonly type: 'FactorRemoved'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** What kind of factor: codes by time, or a passkey. */
  readonly factor: 'totp' | 'passkey'
  /** Which one; its secret or public key stands in the vault. */
  readonly factorId: string
}

/** The factors stay. */
export type FactorResetCancelled = {
  readonly type: 'FactorResetCancelled'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** What the account's owner is told where it was somebody of staff. Sealed with the key of `accountId`. */
  readonly reason: Sealed | null
}

/** All factors of the account are to be taken away, since their owner has lost them; unless that is cancelled. */
export type FactorResetScheduled = {
  readonly type: 'FactorResetScheduled'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** When that is done. */
  readonly resetAt: number
  /** What its owner is told. Sealed with the key of `accountId`. */
  readonly reason: Sealed
}

/** All factors but the password are gone. */
export type FactorsReset = {
  readonly type: 'FactorsReset'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
}

/** An account goes by another handle from now on. */
export type HandleChanged = {
  readonly type: 'HandleChanged'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** As it was written. Sealed with the key of `accountId`. */
  readonly handle: Sealed
  /** Key of the handle: an HMAC. */
  readonly handleKey: string
  /** Key of the handle before: an HMAC. */
  readonly previousKey: string | null
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
  /** Version of the terms that were accepted with the registration. */
  readonly termsVersion: string | null
  /** Id of the account whose invitation was used. */
  readonly invitedBy: string | null
  /** Key of the name that the handle looks like: an HMAC. */
  readonly nameKey: string | null
  /** Key of the name that the name shown looks like: an HMAC. */
  readonly displayNameKey: string | null
  /** Of a channel that is there and takes this slug in place of another: key of that one, an HMAC. */
  readonly previousKey: string | null
  /** Of an account that was brought from elsewhere: since when it has been there. */
  readonly createdAt: number | null
}

/** A handle is free again. */
export type HandleReleased = {
  readonly type: 'HandleReleased'
  /** Id of the account or channel that held it. */
  readonly holderId: string
  /** Account id of the person whose handle it was. */
  readonly ownerId: string | null
  /** Key of the name that the handle looks like: an HMAC. */
  readonly nameKey: string | null
}

/** A handle is not used any more, and kept for who had it. */
export type HandleRetired = {
  readonly type: 'HandleRetired'
  /** Id of the account that had it. */
  readonly holderId: string
  /** When it is free for everybody. */
  readonly until: number
}

/** An account takes a handle in place of the one that it has. */
export type HandleTaken = {
  readonly type: 'HandleTaken'
  /** Id of the account that takes the handle. */
  readonly holderId: string
  /** As it was written. Sealed with the key of `holderId`. */
  readonly handle: Sealed
  /** What it was before: nobody's, one that the account had before, or the one that it has, written otherwise. */
  readonly held: 'free' | 'retired' | 'current'
  /** Key of the handle that the account had, as the sender knew it: an HMAC. */
  readonly previousKey: string | null
  /** Key of the name that the handle looks like: an HMAC. */
  readonly nameKey: string | null
}

/** The account, which is of staff, made an invitation. */
export type InvitationMade = {
  readonly type: 'InvitationMade'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Until when the invitation is good. */
  readonly until: number
}

/** Somebody of staff has ended every session of the account. */
export type LogOutForced = {
  readonly type: 'LogOutForced'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** What the account's owner is told. Sealed with the key of `accountId`. */
  readonly reason: Sealed
}

/** Wrong passwords were tried for the account. */
export type LoginsFailed = {
  readonly type: 'LoginsFailed'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** How many, since the last record of an edge. */
  readonly attempts: number
}

/** A name is used, and nobody else may use one that looks like it. */
export type NameKept = {
  readonly type: 'NameKept'
  /** Id of the account that the name belongs to. */
  readonly holderId: string
  /** How many handles and names shown of the account are new uses of it. */
  readonly uses: number
}

/** One use of a name is over; without any it is free. */
export type NameReleased = {
  readonly type: 'NameReleased'
  /** Id of the account that the name belongs to. */
  readonly holderId: string
}

/** A name is no longer kept free; without a use it belongs to nobody. */
export type NameReservationEnded = {
  readonly type: 'NameReservationEnded'
  /** Id of the account that the name belongs to. */
  readonly holderId: string
}

/** A name, and all that look like it, is kept free for an account for a moment. */
export type NameReserved = {
  readonly type: 'NameReserved'
  /** Id of the account that the name belongs to. */
  readonly holderId: string
  /** When it is free again, unless it is used by then. */
  readonly until: number
  /** Key of the handle that needs it: an HMAC; none where it is a name shown. */
  readonly handleKey: string | null
}

/** The password was changed; it stands in the vault alone. */
export type PasswordChanged = {
  readonly type: 'PasswordChanged'
}

/** The account has no password any more: passkeys are all there is to log in with. */
export type PasswordRemoved = {
  readonly type: 'PasswordRemoved'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
}

/** All about the account was handed out. */
export type PersonalDataExported = {
  readonly type: 'PersonalDataExported'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Account id of who asked for it: the account's own, or that of somebody of staff. */
  readonly actor: string
  /** What the account's owner is told where it was somebody of staff. Sealed with the key of `accountId`. */
  readonly reason: Sealed | null
}

/** The account, which is of staff, looked at what is kept of the platform. */
export type PlatformRead = {
  readonly type: 'PlatformRead'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** What it looked at. */
  readonly what: 'address_bans'
}

/** The account has another role on the platform. */
export type PlatformRoleAssigned = {
  readonly type: 'PlatformRoleAssigned'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** What it is from now on. */
  readonly role: 'owner' | 'admin' | 'moderator' | 'support' | 'developer' | 'user'
  /** What the account's owner is told where it was somebody of staff. Sealed with the key of `accountId`. */
  readonly reason: Sealed | null
}

/** What everybody sees of an account has changed. */
export type ProfileChanged = {
  readonly type: 'ProfileChanged'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Any Unicode; shown beside messages. Absent: as it was. Sealed with the key of `accountId`. */
  readonly displayName: Sealed | null
  /** What somebody says of themselves; empty for nothing. Absent: as it was. Sealed with the key of `accountId`. */
  readonly bio: Sealed | null
  /** Colour of the name, #rrggbb; empty for none. Absent: as it was. */
  readonly colour: string | null
  /** Name of the image in the object store; empty for none. Absent: as it was. */
  readonly avatar: string | null
  /** Key of the name that the name shown looks like: an HMAC. */
  readonly displayNameKey: string | null
  /** Key of the name before: an HMAC. */
  readonly previousDisplayNameKey: string | null
}

/** A recovery code took the place of a second factor. */
export type RecoveryCodeUsed = {
  readonly type: 'RecoveryCodeUsed'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** How many are left. */
  readonly left: number
}

/** New recovery codes were made; those before are good no more. */
export type RecoveryCodesIssued = {
  readonly type: 'RecoveryCodesIssued'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
}

/** Somebody has logged in. */
export type SessionOpened = {
  readonly type: 'SessionOpened'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** The session; its secret stands in the vault. */
  readonly sessionId: string
  /** By what they have shown who they are. */
  readonly method: 'password' | 'password_change' | 'passkey' | 'totp' | 'recovery_code'
  /** What the device said of itself. Sealed with the key of `accountId`. */
  readonly device: Sealed | null
}

/** Sessions have ended: edges close their sockets and refuse their tokens. */
export type SessionsRevoked = {
  readonly type: 'SessionsRevoked'
  /** Sessions that ended. */
  readonly sessionIds: readonly string[]
}

/** The terms of the platform are accepted. */
export type TermsAccepted = {
  readonly type: 'TermsAccepted'
  /** Account id: a decimal string below 2^53. */
  readonly accountId: string
  /** Which version of them. */
  readonly version: string
}

/** A secret of a session came again after it was used: somebody else has it, or had it. */
export type TokenReused = {
  readonly type: 'TokenReused'
  /** The session that it belongs to. */
  readonly sessionId: string
}

/** Accepts the terms of the platform. */
export type AcceptTerms = {
  readonly type: 'AcceptTerms'
  /** Which version of them. */
  readonly version: string
}

/** Lets somebody of staff act as the account for a while. */
export type ActAs = {
  readonly type: 'ActAs'
  /** The session by which they do. */
  readonly sessionId: string
  /** What the account's owner is told. */
  readonly reason: string
  /** When it ends by itself. */
  readonly until: number
}

/** Records a factor to log in with. */
export type AddFactor = {
  readonly type: 'AddFactor'
  /** What kind of factor: codes by time, or a passkey. */
  readonly factor: 'totp' | 'passkey'
  /** Which one; its secret or public key stands in the vault. */
  readonly factorId: string
}

/** Gives an account its role on the platform. */
export type AssignPlatformRole = {
  readonly type: 'AssignPlatformRole'
  /** What it is from now on; `user` is none. */
  readonly role: 'owner' | 'admin' | 'moderator' | 'support' | 'developer' | 'user'
  /** What the account's owner is told; none of the platform itself. */
  readonly reason: string | null
}

/** Keeps an address, or all that begin like it, from doing anything but reading. */
export type BanAddress = {
  readonly type: 'BanAddress'
  /** An address, or a CIDR block; of IPv6 a /64 at least. */
  readonly range: string
  /** Why, for staff. */
  readonly reason: string
  /** When it ends by itself; without, never. */
  readonly until: number | null
}

/** Blocks another account for this one. */
export type BlockAccount = {
  readonly type: 'BlockAccount'
  /** Account id of the other. */
  readonly blocked: string
}

/** Keeps an account that was to be erased. */
export type CancelErasure = {
  readonly type: 'CancelErasure'
}

/** Lets the factors stay. */
export type CancelFactorReset = {
  readonly type: 'CancelFactorReset'
  /** What the account's owner is told where it is somebody of staff. */
  readonly reason: string | null
}

/** Gives an account the handle that it has taken. */
export type ChangeHandle = {
  readonly type: 'ChangeHandle'
  /** As it was written, ^[A-Za-z0-9_]{3,25}$; compared without case. */
  readonly handle: string
  /** Key of the handle: an HMAC. */
  readonly handleKey: string
  /** Key of the handle before, where the account does not know it: an HMAC. */
  readonly previousKey: string | null
}

/** Changes what everybody sees of an account. */
export type ChangeProfile = {
  readonly type: 'ChangeProfile'
  /** Any Unicode; shown beside messages. Absent: as it was. */
  readonly displayName: string | null
  /** What somebody says of themselves; empty for nothing. Absent: as it was. */
  readonly bio: string | null
  /** Colour of the name, #rrggbb; empty for none. Absent: as it was. */
  readonly colour: string | null
  /** Name of the image in the object store; empty for none. Absent: as it was. */
  readonly avatar: string | null
  /** Key of the name that the name shown looks like: an HMAC. */
  readonly displayNameKey: string | null
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
  /** Version of the terms that were accepted with the registration. */
  readonly termsVersion: string | null
  /** Id of the account whose invitation was used. */
  readonly invitedBy: string | null
  /** Key of the name that the handle looks like: an HMAC. */
  readonly nameKey: string | null
  /** Key of the name that the name shown looks like: an HMAC. */
  readonly displayNameKey: string | null
  /** Of a channel that is there and takes this slug in place of another: key of that one, an HMAC. */
  readonly previousKey: string | null
  /** Of an account that was brought from elsewhere: since when it has been there. */
  readonly createdAt: number | null
}

/** Erases an account whose time is over. */
export type CompleteErasure = {
  readonly type: 'CompleteErasure'
  /** When its time was over. */
  readonly dueAt: number
}

/** Takes the factors away, once the time is over. */
export type CompleteFactorReset = {
  readonly type: 'CompleteFactorReset'
  /** When the time was over. */
  readonly dueAt: number
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
  /** Of a person, of a bot of theirs, or the login key of an older bot, for chat alone. */
  readonly kind: 'personal' | 'bot' | 'login_key'
  /** What its owner calls it. */
  readonly name: string
  /** What may be done with it. */
  readonly scopes: readonly string[]
  /** When it ends by itself; without, never. */
  readonly expiresAt: number | null
}

/** Puts an account out of use, and ends its sessions. */
export type DeactivateAccount = {
  readonly type: 'DeactivateAccount'
  /** Ids of the sessions that end with it. */
  readonly sessionIds: readonly string[]
}

/** Gives a reserved name back. */
export type EndNameReservation = {
  readonly type: 'EndNameReservation'
  /** Id of the account that the name belongs to. */
  readonly holderId: string
}

/** Frees a handle that was kept for long enough. */
export type EndRetirement = {
  readonly type: 'EndRetirement'
  /** When its time was over. */
  readonly dueAt: number
}

/** Erases all that is personal of the account, for ever. */
export type EraseAccount = {
  readonly type: 'EraseAccount'
}

/** Ends every session of an account that is another's: what staff do. */
export type ForceLogOut = {
  readonly type: 'ForceLogOut'
  /** Sessions that are open. */
  readonly sessionIds: readonly string[]
  /** What the account's owner is told. */
  readonly reason: string
}

/** Records that new recovery codes were made. */
export type IssueRecoveryCodes = {
  readonly type: 'IssueRecoveryCodes'
}

/** Makes a reserved name a used one. */
export type KeepName = {
  readonly type: 'KeepName'
  /** Id of the account that the name belongs to. */
  readonly holderId: string
  /** How many new uses there are. */
  readonly uses: number
}

/** Ends a reservation whose time is over. */
export type LapseName = {
  readonly type: 'LapseName'
  /** When its time was over. */
  readonly dueAt: number
}

/** Ends the ban of an address. */
export type LiftAddressBan = {
  readonly type: 'LiftAddressBan'
  /** Why, for staff. */
  readonly reason: string
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
  /** Version of the terms that were accepted with the registration. */
  readonly termsVersion: string | null
  /** Id of the account whose invitation was used. */
  readonly invitedBy: string | null
  /** Key of the handle: an HMAC. */
  readonly handleKey: string | null
  /** Key of the name that the name shown looks like: an HMAC. */
  readonly displayNameKey: string | null
  /** Of an account that was brought from elsewhere: since when it has been there. */
  readonly createdAt: number | null
}

/** Records that somebody has logged in. Refused while the account is suspended. */
export type OpenSession = {
  readonly type: 'OpenSession'
  /** The session; its secret stands in the vault. */
  readonly sessionId: string
  /** By what they have shown who they are. */
  readonly method: 'password' | 'password_change' | 'passkey' | 'totp' | 'recovery_code'
  /** What the device says of itself. */
  readonly device: string | null
}

/** Puts an account in use again. */
export type ReactivateAccount = {
  readonly type: 'ReactivateAccount'
}

/** Records that somebody of staff looks at what is kept of the account, before they do. */
export type RecordAccountRead = {
  readonly type: 'RecordAccountRead'
  /** What they look at. */
  readonly what: 'sessions'
}

/** Records that the account, one of staff, has looked for accounts, before it is shown what was found. */
export type RecordAccountSearch = {
  readonly type: 'RecordAccountSearch'
  /** Only those whose handle begins so. */
  readonly handle: string | null
  /** Only those with an e-mail address, which is named nowhere. */
  readonly byEmail: boolean
  /** Only those that were seen at a network address, which is named nowhere. */
  readonly byAddress: boolean
  /** Only those in this state. */
  readonly state: string | null
  /** Only those with this role on the platform. */
  readonly role: string | null
  /** Made not before. */
  readonly from: number | null
  /** Made before. */
  readonly to: number | null
  /** Ids of the accounts that were shown. */
  readonly found: readonly string[]
}

/** Records that the account, one of staff, reads the audit, before it does. */
export type RecordAuditRead = {
  readonly type: 'RecordAuditRead'
  /** All that fits was handed out, not a page of it. */
  readonly exported: boolean
  /** Only what this account, or part of the platform, did. */
  readonly actor: string | null
  /** Only what was done to this account. */
  readonly target: string | null
  /** Only in this channel. */
  readonly channel: string | null
  /** Only of this kind. */
  readonly kind: string | null
  /** Only of this family. */
  readonly family: string | null
  /** Not before. */
  readonly from: number | null
  /** Before. */
  readonly to: number | null
  /** Only what has a reason that contains this. */
  readonly why: string | null
  /** Only of accounts that were seen at an address, which is named nowhere. */
  readonly byAddress: boolean
}

/** Records that all about the account is handed out, before it is. */
export type RecordExport = {
  readonly type: 'RecordExport'
  /** What the account's owner is told where somebody of staff asks for it; none where they ask themselves. */
  readonly reason: string | null
}

/** Records that a login ended for want of a right code. */
export type RecordFailedFactor = {
  readonly type: 'RecordFailedFactor'
}

/** Records that wrong passwords were tried for the account. */
export type RecordFailedLogins = {
  readonly type: 'RecordFailedLogins'
  /** How many, since the last record of an edge. */
  readonly attempts: number
}

/** Records that the account, which is of staff, makes an invitation, before it does. */
export type RecordInvitation = {
  readonly type: 'RecordInvitation'
  /** Until when the invitation is good. */
  readonly until: number
}

/** Records that the password, which only the vault holds, was changed. */
export type RecordPasswordChange = {
  readonly type: 'RecordPasswordChange'
  /** Sessions that end by it. */
  readonly sessionIds: readonly string[]
}

/** Records that the account, which is of staff, looks at what is kept of the platform, before it does. */
export type RecordPlatformRead = {
  readonly type: 'RecordPlatformRead'
  /** What it looks at. */
  readonly what: 'address_bans'
}

/** Records that an edge refused the account what it may not do. */
export type RecordRefusedAccess = {
  readonly type: 'RecordRefusedAccess'
  /** How many, since the last record of an edge. */
  readonly attempts: number
  /** Id of the operation of the API that was tried last. */
  readonly operation: string
  /** With which that was refused. */
  readonly code: string
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

/** Ends one use of a name. */
export type ReleaseName = {
  readonly type: 'ReleaseName'
  /** Id of the account that the name belongs to. */
  readonly holderId: string
}

/** Takes a factor away. Refused where nothing would be left to log in with. */
export type RemoveFactor = {
  readonly type: 'RemoveFactor'
  /** What kind of factor: codes by time, or a passkey. */
  readonly factor: 'totp' | 'passkey'
  /** Which one; its secret or public key stands in the vault. */
  readonly factorId: string
}

/** Leaves an account with its passkeys alone. Refused where it has none. */
export type RemovePassword = {
  readonly type: 'RemovePassword'
}

/** Records that who is logged in has shown once more who they are. */
export type RenewAuthentication = {
  readonly type: 'RenewAuthentication'
  /** The session. */
  readonly sessionId: string
  /** By what they have shown who they are. */
  readonly method: 'password' | 'password_change' | 'passkey' | 'totp' | 'recovery_code'
}

/** Keeps a name free until the handle or the name shown that needs it is there. */
export type ReserveName = {
  readonly type: 'ReserveName'
  /** Id of the account that the name belongs to. */
  readonly holderId: string
  /** Key of the handle that needs it: an HMAC; none where it is a name shown. */
  readonly handleKey: string | null
}

/** Ends the suspension of an account. */
export type RestoreAccount = {
  readonly type: 'RestoreAccount'
  /** Why. */
  readonly reason: string
}

/** Takes a handle out of use, behind the change to another. */
export type RetireHandle = {
  readonly type: 'RetireHandle'
  /** Id of the account that had it. */
  readonly holderId: string
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

/** Has an account erased after a delay in which that can be cancelled. */
export type ScheduleErasure = {
  readonly type: 'ScheduleErasure'
  /** How long that is, in milliseconds. */
  readonly delayMs: number
}

/** Has all factors taken away after a delay in which that can be cancelled. */
export type ScheduleFactorReset = {
  readonly type: 'ScheduleFactorReset'
  /** How long that is, in milliseconds. */
  readonly delayMs: number
  /** What the account's owner is told. */
  readonly reason: string
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

/** Takes a handle for an account in place of the one that it has. Final at once. */
export type TakeHandle = {
  readonly type: 'TakeHandle'
  /** Id of the account that takes the handle. */
  readonly holderId: string
  /** As it was written, ^[A-Za-z0-9_]{3,25}$; compared without case. */
  readonly handle: string
  /** Key of the handle that the account has, as far as the sender knows: an HMAC. */
  readonly previousKey: string | null
  /** Key of the name that the handle looks like: an HMAC. */
  readonly nameKey: string | null
}

/** Takes a block back. */
export type UnblockAccount = {
  readonly type: 'UnblockAccount'
  /** Account id of the other. */
  readonly blocked: string
}

/** Records that a recovery code was used. */
export type UseRecoveryCode = {
  readonly type: 'UseRecoveryCode'
  /** How many are left. */
  readonly left: number
}

export type IdentityEvent =
  | AccessRefused
  | AccessTokenCreated
  | AccessTokensRevoked
  | AccountBlocked
  | AccountDeactivated
  | AccountErased
  | AccountOpened
  | AccountReactivated
  | AccountRead
  | AccountRestored
  | AccountSuspended
  | AccountUnblocked
  | AccountsSearched
  | ActingBegun
  | AddressBanLifted
  | AddressBanned
  | AuditRead
  | AuthenticationRenewed
  | EmailConfirmed
  | ErasureCancelled
  | ErasureScheduled
  | FactorAdded
  | FactorFailed
  | FactorRemoved
  | FactorResetCancelled
  | FactorResetScheduled
  | FactorsReset
  | HandleChanged
  | HandleClaimed
  | HandleReleased
  | HandleRetired
  | HandleTaken
  | InvitationMade
  | LogOutForced
  | LoginsFailed
  | NameKept
  | NameReleased
  | NameReservationEnded
  | NameReserved
  | PasswordChanged
  | PasswordRemoved
  | PersonalDataExported
  | PlatformRead
  | PlatformRoleAssigned
  | ProfileChanged
  | RecoveryCodeUsed
  | RecoveryCodesIssued
  | SessionOpened
  | SessionsRevoked
  | TermsAccepted
  | TokenReused

export type IdentityCommand =
  | AcceptTerms
  | ActAs
  | AddFactor
  | AssignPlatformRole
  | BanAddress
  | BlockAccount
  | CancelErasure
  | CancelFactorReset
  | ChangeHandle
  | ChangeProfile
  | ClaimHandle
  | CompleteErasure
  | CompleteFactorReset
  | ConfirmEmail
  | CreateAccessToken
  | DeactivateAccount
  | EndNameReservation
  | EndRetirement
  | EraseAccount
  | ForceLogOut
  | IssueRecoveryCodes
  | KeepName
  | LapseName
  | LiftAddressBan
  | OpenAccount
  | OpenSession
  | ReactivateAccount
  | RecordAccountRead
  | RecordAccountSearch
  | RecordAuditRead
  | RecordExport
  | RecordFailedFactor
  | RecordFailedLogins
  | RecordInvitation
  | RecordPasswordChange
  | RecordPlatformRead
  | RecordRefusedAccess
  | RecordTokenReuse
  | ReleaseHandle
  | ReleaseName
  | RemoveFactor
  | RemovePassword
  | RenewAuthentication
  | ReserveName
  | RestoreAccount
  | RetireHandle
  | RevokeAccessTokens
  | RevokeSessions
  | ScheduleErasure
  | ScheduleFactorReset
  | SuspendAccount
  | TakeHandle
  | UnblockAccount
  | UseRecoveryCode

/** By type the fields that may be left out, as null: spread below those that are given. */
export const identityAbsent = {
  AccessTokenCreated: {
    expiresAt: null,
  },
  AccountOpened: {
    email: null,
    termsVersion: null,
    invitedBy: null,
    handleKey: null,
    displayNameKey: null,
    createdAt: null,
  },
  AccountSuspended: {
    until: null,
  },
  AccountsSearched: {
    handle: null,
    state: null,
    role: null,
    from: null,
    to: null,
  },
  AddressBanned: {
    until: null,
  },
  AuditRead: {
    actor: null,
    target: null,
    channel: null,
    kind: null,
    family: null,
    from: null,
    to: null,
    why: null,
  },
  FactorResetCancelled: {
    reason: null,
  },
  HandleChanged: {
    previousKey: null,
  },
  HandleClaimed: {
    email: null,
    termsVersion: null,
    invitedBy: null,
    nameKey: null,
    displayNameKey: null,
    previousKey: null,
    createdAt: null,
  },
  HandleReleased: {
    ownerId: null,
    nameKey: null,
  },
  HandleTaken: {
    previousKey: null,
    nameKey: null,
  },
  NameReserved: {
    handleKey: null,
  },
  PersonalDataExported: {
    reason: null,
  },
  PlatformRoleAssigned: {
    reason: null,
  },
  ProfileChanged: {
    displayName: null,
    bio: null,
    colour: null,
    avatar: null,
    displayNameKey: null,
    previousDisplayNameKey: null,
  },
  SessionOpened: {
    device: null,
  },
  AssignPlatformRole: {
    reason: null,
  },
  BanAddress: {
    until: null,
  },
  CancelFactorReset: {
    reason: null,
  },
  ChangeHandle: {
    previousKey: null,
  },
  ChangeProfile: {
    displayName: null,
    bio: null,
    colour: null,
    avatar: null,
    displayNameKey: null,
  },
  ClaimHandle: {
    email: null,
    termsVersion: null,
    invitedBy: null,
    nameKey: null,
    displayNameKey: null,
    previousKey: null,
    createdAt: null,
  },
  CreateAccessToken: {
    expiresAt: null,
  },
  OpenAccount: {
    email: null,
    termsVersion: null,
    invitedBy: null,
    handleKey: null,
    displayNameKey: null,
    createdAt: null,
  },
  OpenSession: {
    device: null,
  },
  RecordAccountSearch: {
    handle: null,
    state: null,
    role: null,
    from: null,
    to: null,
  },
  RecordAuditRead: {
    actor: null,
    target: null,
    channel: null,
    kind: null,
    family: null,
    from: null,
    to: null,
    why: null,
  },
  RecordExport: {
    reason: null,
  },
  ReserveName: {
    handleKey: null,
  },
  SuspendAccount: {
    until: null,
  },
  TakeHandle: {
    previousKey: null,
    nameKey: null,
  },
} as const

const none: readonly string[] = []

export const identity: Contract<IdentityEvent, IdentityCommand> = {
  events: {
    AccessRefused: {
      schemas: ['identity/events/AccessRefused.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AccessRefused',
        accountId: event.accountId,
        attempts: event.attempts,
        operation: event.operation,
        code: event.code,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
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
    AccountBlocked: {
      schemas: ['identity/events/AccountBlocked.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AccountBlocked',
        accountId: event.accountId,
        blocked: event.blocked,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    AccountDeactivated: {
      schemas: ['identity/events/AccountDeactivated.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AccountDeactivated',
        accountId: event.accountId,
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
      schemas: ['identity/events/AccountOpened.v1', 'identity/events/AccountOpened.v2'],
      sealed: { handle: 'accountId', displayName: 'accountId', email: 'accountId' },
      plain: (event) => ({
        type: 'AccountOpened',
        accountId: event.accountId,
        handle: event.handle,
        displayName: event.displayName,
        email: event.email,
        platformRole: event.platformRole,
        termsVersion: event.termsVersion,
        invitedBy: event.invitedBy,
        handleKey: event.handleKey,
        displayNameKey: event.displayNameKey,
        createdAt: event.createdAt,
      }),
      seal: (event, id, seal) => ({
        type: 'AccountOpened',
        accountId: event.accountId,
        handle: seal(event.accountId, id, 'handle', event.handle),
        displayName: seal(event.accountId, id, 'displayName', event.displayName),
        email: event.email === null ? null : seal(event.accountId, id, 'email', event.email),
        platformRole: event.platformRole,
        termsVersion: event.termsVersion,
        invitedBy: event.invitedBy,
        handleKey: event.handleKey,
        displayNameKey: event.displayNameKey,
        createdAt: event.createdAt,
      }),
      open: (event, id, open) => ({
        type: 'AccountOpened',
        accountId: event.accountId,
        handle: open(event.accountId, id, 'handle', event.handle),
        displayName: open(event.accountId, id, 'displayName', event.displayName),
        email: event.email === null ? null : open(event.accountId, id, 'email', event.email),
        platformRole: event.platformRole,
        termsVersion: event.termsVersion,
        invitedBy: event.invitedBy,
        handleKey: event.handleKey,
        displayNameKey: event.displayNameKey,
        createdAt: event.createdAt,
      }),
      subjects: (event) => [event.accountId],
    },
    AccountReactivated: {
      schemas: ['identity/events/AccountReactivated.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AccountReactivated',
        accountId: event.accountId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    AccountRead: {
      schemas: ['identity/events/AccountRead.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AccountRead',
        accountId: event.accountId,
        what: event.what,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
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
    AccountUnblocked: {
      schemas: ['identity/events/AccountUnblocked.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AccountUnblocked',
        accountId: event.accountId,
        blocked: event.blocked,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    AccountsSearched: {
      schemas: ['identity/events/AccountsSearched.v1'],
      sealed: { handle: 'accountId' },
      plain: (event) => ({
        type: 'AccountsSearched',
        accountId: event.accountId,
        handle: event.handle,
        byEmail: event.byEmail,
        byAddress: event.byAddress,
        state: event.state,
        role: event.role,
        from: event.from,
        to: event.to,
        found: event.found,
      }),
      seal: (event, id, seal) => ({
        type: 'AccountsSearched',
        accountId: event.accountId,
        handle: event.handle === null ? null : seal(event.accountId, id, 'handle', event.handle),
        byEmail: event.byEmail,
        byAddress: event.byAddress,
        state: event.state,
        role: event.role,
        from: event.from,
        to: event.to,
        found: event.found,
      }),
      open: (event, id, open) => ({
        type: 'AccountsSearched',
        accountId: event.accountId,
        handle: event.handle === null ? null : open(event.accountId, id, 'handle', event.handle),
        byEmail: event.byEmail,
        byAddress: event.byAddress,
        state: event.state,
        role: event.role,
        from: event.from,
        to: event.to,
        found: event.found,
      }),
      subjects: (event) => (event.handle === null ? none : [event.accountId]),
    },
    ActingBegun: {
      schemas: ['identity/events/ActingBegun.v1'],
      sealed: { reason: 'accountId' },
      plain: (event) => ({
        type: 'ActingBegun',
        accountId: event.accountId,
        actor: event.actor,
        sessionId: event.sessionId,
        reason: event.reason,
        until: event.until,
      }),
      seal: (event, id, seal) => ({
        type: 'ActingBegun',
        accountId: event.accountId,
        actor: event.actor,
        sessionId: event.sessionId,
        reason: seal(event.accountId, id, 'reason', event.reason),
        until: event.until,
      }),
      open: (event, id, open) => ({
        type: 'ActingBegun',
        accountId: event.accountId,
        actor: event.actor,
        sessionId: event.sessionId,
        reason: open(event.accountId, id, 'reason', event.reason),
        until: event.until,
      }),
      subjects: (event) => [event.accountId],
    },
    AddressBanLifted: {
      schemas: ['identity/events/AddressBanLifted.v1'],
      sealed: { reason: 'keeper' },
      plain: (event) => ({
        type: 'AddressBanLifted',
        keeper: event.keeper,
        actor: event.actor,
        reason: event.reason,
      }),
      seal: (event, id, seal) => ({
        type: 'AddressBanLifted',
        keeper: event.keeper,
        actor: event.actor,
        reason: seal(event.keeper, id, 'reason', event.reason),
      }),
      open: (event, id, open) => ({
        type: 'AddressBanLifted',
        keeper: event.keeper,
        actor: event.actor,
        reason: open(event.keeper, id, 'reason', event.reason),
      }),
      subjects: (event) => [event.keeper],
    },
    AddressBanned: {
      schemas: ['identity/events/AddressBanned.v1'],
      sealed: { range: 'keeper', reason: 'keeper' },
      plain: (event) => ({
        type: 'AddressBanned',
        keeper: event.keeper,
        actor: event.actor,
        range: event.range,
        reason: event.reason,
        until: event.until,
      }),
      seal: (event, id, seal) => ({
        type: 'AddressBanned',
        keeper: event.keeper,
        actor: event.actor,
        range: seal(event.keeper, id, 'range', event.range),
        reason: seal(event.keeper, id, 'reason', event.reason),
        until: event.until,
      }),
      open: (event, id, open) => ({
        type: 'AddressBanned',
        keeper: event.keeper,
        actor: event.actor,
        range: open(event.keeper, id, 'range', event.range),
        reason: open(event.keeper, id, 'reason', event.reason),
        until: event.until,
      }),
      subjects: (event) => [event.keeper],
    },
    AuditRead: {
      schemas: ['identity/events/AuditRead.v1'],
      sealed: { why: 'accountId' },
      plain: (event) => ({
        type: 'AuditRead',
        accountId: event.accountId,
        exported: event.exported,
        actor: event.actor,
        target: event.target,
        channel: event.channel,
        kind: event.kind,
        family: event.family,
        from: event.from,
        to: event.to,
        why: event.why,
        byAddress: event.byAddress,
      }),
      seal: (event, id, seal) => ({
        type: 'AuditRead',
        accountId: event.accountId,
        exported: event.exported,
        actor: event.actor,
        target: event.target,
        channel: event.channel,
        kind: event.kind,
        family: event.family,
        from: event.from,
        to: event.to,
        why: event.why === null ? null : seal(event.accountId, id, 'why', event.why),
        byAddress: event.byAddress,
      }),
      open: (event, id, open) => ({
        type: 'AuditRead',
        accountId: event.accountId,
        exported: event.exported,
        actor: event.actor,
        target: event.target,
        channel: event.channel,
        kind: event.kind,
        family: event.family,
        from: event.from,
        to: event.to,
        why: event.why === null ? null : open(event.accountId, id, 'why', event.why),
        byAddress: event.byAddress,
      }),
      subjects: (event) => (event.why === null ? none : [event.accountId]),
    },
    AuthenticationRenewed: {
      schemas: ['identity/events/AuthenticationRenewed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AuthenticationRenewed',
        accountId: event.accountId,
        sessionId: event.sessionId,
        method: event.method,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
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
    ErasureCancelled: {
      schemas: ['identity/events/ErasureCancelled.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ErasureCancelled',
        accountId: event.accountId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ErasureScheduled: {
      schemas: ['identity/events/ErasureScheduled.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ErasureScheduled',
        accountId: event.accountId,
        eraseAt: event.eraseAt,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    FactorAdded: {
      schemas: ['identity/events/FactorAdded.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'FactorAdded',
        accountId: event.accountId,
        factor: event.factor,
        factorId: event.factorId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    FactorFailed: {
      schemas: ['identity/events/FactorFailed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'FactorFailed',
        accountId: event.accountId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    FactorRemoved: {
      schemas: ['identity/events/FactorRemoved.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'FactorRemoved',
        accountId: event.accountId,
        factor: event.factor,
        factorId: event.factorId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    FactorResetCancelled: {
      schemas: ['identity/events/FactorResetCancelled.v1', 'identity/events/FactorResetCancelled.v2'],
      sealed: { reason: 'accountId' },
      plain: (event) => ({
        type: 'FactorResetCancelled',
        accountId: event.accountId,
        reason: event.reason,
      }),
      seal: (event, id, seal) => ({
        type: 'FactorResetCancelled',
        accountId: event.accountId,
        reason: event.reason === null ? null : seal(event.accountId, id, 'reason', event.reason),
      }),
      open: (event, id, open) => ({
        type: 'FactorResetCancelled',
        accountId: event.accountId,
        reason: event.reason === null ? null : open(event.accountId, id, 'reason', event.reason),
      }),
      subjects: (event) => (event.reason === null ? none : [event.accountId]),
    },
    FactorResetScheduled: {
      schemas: ['identity/events/FactorResetScheduled.v1'],
      sealed: { reason: 'accountId' },
      plain: (event) => ({
        type: 'FactorResetScheduled',
        accountId: event.accountId,
        resetAt: event.resetAt,
        reason: event.reason,
      }),
      seal: (event, id, seal) => ({
        type: 'FactorResetScheduled',
        accountId: event.accountId,
        resetAt: event.resetAt,
        reason: seal(event.accountId, id, 'reason', event.reason),
      }),
      open: (event, id, open) => ({
        type: 'FactorResetScheduled',
        accountId: event.accountId,
        resetAt: event.resetAt,
        reason: open(event.accountId, id, 'reason', event.reason),
      }),
      subjects: (event) => [event.accountId],
    },
    FactorsReset: {
      schemas: ['identity/events/FactorsReset.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'FactorsReset',
        accountId: event.accountId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    HandleChanged: {
      schemas: ['identity/events/HandleChanged.v1'],
      sealed: { handle: 'accountId' },
      plain: (event) => ({
        type: 'HandleChanged',
        accountId: event.accountId,
        handle: event.handle,
        handleKey: event.handleKey,
        previousKey: event.previousKey,
      }),
      seal: (event, id, seal) => ({
        type: 'HandleChanged',
        accountId: event.accountId,
        handle: seal(event.accountId, id, 'handle', event.handle),
        handleKey: event.handleKey,
        previousKey: event.previousKey,
      }),
      open: (event, id, open) => ({
        type: 'HandleChanged',
        accountId: event.accountId,
        handle: open(event.accountId, id, 'handle', event.handle),
        handleKey: event.handleKey,
        previousKey: event.previousKey,
      }),
      subjects: (event) => [event.accountId],
    },
    HandleClaimed: {
      schemas: ['identity/events/HandleClaimed.v1', 'identity/events/HandleClaimed.v2'],
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
        termsVersion: event.termsVersion,
        invitedBy: event.invitedBy,
        nameKey: event.nameKey,
        displayNameKey: event.displayNameKey,
        previousKey: event.previousKey,
        createdAt: event.createdAt,
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
        termsVersion: event.termsVersion,
        invitedBy: event.invitedBy,
        nameKey: event.nameKey,
        displayNameKey: event.displayNameKey,
        previousKey: event.previousKey,
        createdAt: event.createdAt,
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
        termsVersion: event.termsVersion,
        invitedBy: event.invitedBy,
        nameKey: event.nameKey,
        displayNameKey: event.displayNameKey,
        previousKey: event.previousKey,
        createdAt: event.createdAt,
      }),
      subjects: (event) => [event.ownerId],
    },
    HandleReleased: {
      schemas: ['identity/events/HandleReleased.v1', 'identity/events/HandleReleased.v2'],
      sealed: {},
      plain: (event) => ({
        type: 'HandleReleased',
        holderId: event.holderId,
        ownerId: event.ownerId,
        nameKey: event.nameKey,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    HandleRetired: {
      schemas: ['identity/events/HandleRetired.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'HandleRetired',
        holderId: event.holderId,
        until: event.until,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    HandleTaken: {
      schemas: ['identity/events/HandleTaken.v1'],
      sealed: { handle: 'holderId' },
      plain: (event) => ({
        type: 'HandleTaken',
        holderId: event.holderId,
        handle: event.handle,
        held: event.held,
        previousKey: event.previousKey,
        nameKey: event.nameKey,
      }),
      seal: (event, id, seal) => ({
        type: 'HandleTaken',
        holderId: event.holderId,
        handle: seal(event.holderId, id, 'handle', event.handle),
        held: event.held,
        previousKey: event.previousKey,
        nameKey: event.nameKey,
      }),
      open: (event, id, open) => ({
        type: 'HandleTaken',
        holderId: event.holderId,
        handle: open(event.holderId, id, 'handle', event.handle),
        held: event.held,
        previousKey: event.previousKey,
        nameKey: event.nameKey,
      }),
      subjects: (event) => [event.holderId],
    },
    InvitationMade: {
      schemas: ['identity/events/InvitationMade.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'InvitationMade',
        accountId: event.accountId,
        until: event.until,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    LogOutForced: {
      schemas: ['identity/events/LogOutForced.v1'],
      sealed: { reason: 'accountId' },
      plain: (event) => ({
        type: 'LogOutForced',
        accountId: event.accountId,
        reason: event.reason,
      }),
      seal: (event, id, seal) => ({
        type: 'LogOutForced',
        accountId: event.accountId,
        reason: seal(event.accountId, id, 'reason', event.reason),
      }),
      open: (event, id, open) => ({
        type: 'LogOutForced',
        accountId: event.accountId,
        reason: open(event.accountId, id, 'reason', event.reason),
      }),
      subjects: (event) => [event.accountId],
    },
    LoginsFailed: {
      schemas: ['identity/events/LoginsFailed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'LoginsFailed',
        accountId: event.accountId,
        attempts: event.attempts,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    NameKept: {
      schemas: ['identity/events/NameKept.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'NameKept',
        holderId: event.holderId,
        uses: event.uses,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    NameReleased: {
      schemas: ['identity/events/NameReleased.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'NameReleased',
        holderId: event.holderId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    NameReservationEnded: {
      schemas: ['identity/events/NameReservationEnded.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'NameReservationEnded',
        holderId: event.holderId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    NameReserved: {
      schemas: ['identity/events/NameReserved.v1', 'identity/events/NameReserved.v2'],
      sealed: {},
      plain: (event) => ({
        type: 'NameReserved',
        holderId: event.holderId,
        until: event.until,
        handleKey: event.handleKey,
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
    PasswordRemoved: {
      schemas: ['identity/events/PasswordRemoved.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'PasswordRemoved',
        accountId: event.accountId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    PersonalDataExported: {
      schemas: ['identity/events/PersonalDataExported.v1'],
      sealed: { reason: 'accountId' },
      plain: (event) => ({
        type: 'PersonalDataExported',
        accountId: event.accountId,
        actor: event.actor,
        reason: event.reason,
      }),
      seal: (event, id, seal) => ({
        type: 'PersonalDataExported',
        accountId: event.accountId,
        actor: event.actor,
        reason: event.reason === null ? null : seal(event.accountId, id, 'reason', event.reason),
      }),
      open: (event, id, open) => ({
        type: 'PersonalDataExported',
        accountId: event.accountId,
        actor: event.actor,
        reason: event.reason === null ? null : open(event.accountId, id, 'reason', event.reason),
      }),
      subjects: (event) => (event.reason === null ? none : [event.accountId]),
    },
    PlatformRead: {
      schemas: ['identity/events/PlatformRead.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'PlatformRead',
        accountId: event.accountId,
        what: event.what,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    PlatformRoleAssigned: {
      schemas: ['identity/events/PlatformRoleAssigned.v1', 'identity/events/PlatformRoleAssigned.v2'],
      sealed: { reason: 'accountId' },
      plain: (event) => ({
        type: 'PlatformRoleAssigned',
        accountId: event.accountId,
        role: event.role,
        reason: event.reason,
      }),
      seal: (event, id, seal) => ({
        type: 'PlatformRoleAssigned',
        accountId: event.accountId,
        role: event.role,
        reason: event.reason === null ? null : seal(event.accountId, id, 'reason', event.reason),
      }),
      open: (event, id, open) => ({
        type: 'PlatformRoleAssigned',
        accountId: event.accountId,
        role: event.role,
        reason: event.reason === null ? null : open(event.accountId, id, 'reason', event.reason),
      }),
      subjects: (event) => (event.reason === null ? none : [event.accountId]),
    },
    ProfileChanged: {
      schemas: ['identity/events/ProfileChanged.v1'],
      sealed: { displayName: 'accountId', bio: 'accountId' },
      plain: (event) => ({
        type: 'ProfileChanged',
        accountId: event.accountId,
        displayName: event.displayName,
        bio: event.bio,
        colour: event.colour,
        avatar: event.avatar,
        displayNameKey: event.displayNameKey,
        previousDisplayNameKey: event.previousDisplayNameKey,
      }),
      seal: (event, id, seal) => ({
        type: 'ProfileChanged',
        accountId: event.accountId,
        displayName: event.displayName === null ? null : seal(event.accountId, id, 'displayName', event.displayName),
        bio: event.bio === null ? null : seal(event.accountId, id, 'bio', event.bio),
        colour: event.colour,
        avatar: event.avatar,
        displayNameKey: event.displayNameKey,
        previousDisplayNameKey: event.previousDisplayNameKey,
      }),
      open: (event, id, open) => ({
        type: 'ProfileChanged',
        accountId: event.accountId,
        displayName: event.displayName === null ? null : open(event.accountId, id, 'displayName', event.displayName),
        bio: event.bio === null ? null : open(event.accountId, id, 'bio', event.bio),
        colour: event.colour,
        avatar: event.avatar,
        displayNameKey: event.displayNameKey,
        previousDisplayNameKey: event.previousDisplayNameKey,
      }),
      subjects: (event) => (event.displayName === null && event.bio === null ? none : [event.accountId]),
    },
    RecoveryCodeUsed: {
      schemas: ['identity/events/RecoveryCodeUsed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'RecoveryCodeUsed',
        accountId: event.accountId,
        left: event.left,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    RecoveryCodesIssued: {
      schemas: ['identity/events/RecoveryCodesIssued.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'RecoveryCodesIssued',
        accountId: event.accountId,
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
    TermsAccepted: {
      schemas: ['identity/events/TermsAccepted.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'TermsAccepted',
        accountId: event.accountId,
        version: event.version,
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
    AcceptTerms: {
      schemas: ['identity/commands/AcceptTerms.v1'],
      plain: (command) => ({
        type: 'AcceptTerms',
        version: command.version,
      }),
    },
    ActAs: {
      schemas: ['identity/commands/ActAs.v1'],
      plain: (command) => ({
        type: 'ActAs',
        sessionId: command.sessionId,
        reason: command.reason,
        until: command.until,
      }),
    },
    AddFactor: {
      schemas: ['identity/commands/AddFactor.v1'],
      plain: (command) => ({
        type: 'AddFactor',
        factor: command.factor,
        factorId: command.factorId,
      }),
    },
    AssignPlatformRole: {
      schemas: ['identity/commands/AssignPlatformRole.v1', 'identity/commands/AssignPlatformRole.v2'],
      plain: (command) => ({
        type: 'AssignPlatformRole',
        role: command.role,
        reason: command.reason,
      }),
    },
    BanAddress: {
      schemas: ['identity/commands/BanAddress.v1'],
      plain: (command) => ({
        type: 'BanAddress',
        range: command.range,
        reason: command.reason,
        until: command.until,
      }),
    },
    BlockAccount: {
      schemas: ['identity/commands/BlockAccount.v1'],
      plain: (command) => ({
        type: 'BlockAccount',
        blocked: command.blocked,
      }),
    },
    CancelErasure: {
      schemas: ['identity/commands/CancelErasure.v1'],
      plain: () => ({
        type: 'CancelErasure',
      }),
    },
    CancelFactorReset: {
      schemas: ['identity/commands/CancelFactorReset.v1', 'identity/commands/CancelFactorReset.v2'],
      plain: (command) => ({
        type: 'CancelFactorReset',
        reason: command.reason,
      }),
    },
    ChangeHandle: {
      schemas: ['identity/commands/ChangeHandle.v1'],
      plain: (command) => ({
        type: 'ChangeHandle',
        handle: command.handle,
        handleKey: command.handleKey,
        previousKey: command.previousKey,
      }),
    },
    ChangeProfile: {
      schemas: ['identity/commands/ChangeProfile.v1'],
      plain: (command) => ({
        type: 'ChangeProfile',
        displayName: command.displayName,
        bio: command.bio,
        colour: command.colour,
        avatar: command.avatar,
        displayNameKey: command.displayNameKey,
      }),
    },
    ClaimHandle: {
      schemas: ['identity/commands/ClaimHandle.v1', 'identity/commands/ClaimHandle.v2'],
      plain: (command) => ({
        type: 'ClaimHandle',
        handle: command.handle,
        holderKind: command.holderKind,
        holderId: command.holderId,
        ownerId: command.ownerId,
        displayName: command.displayName,
        email: command.email,
        platformRole: command.platformRole,
        termsVersion: command.termsVersion,
        invitedBy: command.invitedBy,
        nameKey: command.nameKey,
        displayNameKey: command.displayNameKey,
        previousKey: command.previousKey,
        createdAt: command.createdAt,
      }),
    },
    CompleteErasure: {
      schemas: ['identity/commands/CompleteErasure.v1'],
      plain: (command) => ({
        type: 'CompleteErasure',
        dueAt: command.dueAt,
      }),
    },
    CompleteFactorReset: {
      schemas: ['identity/commands/CompleteFactorReset.v1'],
      plain: (command) => ({
        type: 'CompleteFactorReset',
        dueAt: command.dueAt,
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
    DeactivateAccount: {
      schemas: ['identity/commands/DeactivateAccount.v1'],
      plain: (command) => ({
        type: 'DeactivateAccount',
        sessionIds: command.sessionIds,
      }),
    },
    EndNameReservation: {
      schemas: ['identity/commands/EndNameReservation.v1'],
      plain: (command) => ({
        type: 'EndNameReservation',
        holderId: command.holderId,
      }),
    },
    EndRetirement: {
      schemas: ['identity/commands/EndRetirement.v1'],
      plain: (command) => ({
        type: 'EndRetirement',
        dueAt: command.dueAt,
      }),
    },
    EraseAccount: {
      schemas: ['identity/commands/EraseAccount.v1'],
      plain: () => ({
        type: 'EraseAccount',
      }),
    },
    ForceLogOut: {
      schemas: ['identity/commands/ForceLogOut.v1'],
      plain: (command) => ({
        type: 'ForceLogOut',
        sessionIds: command.sessionIds,
        reason: command.reason,
      }),
    },
    IssueRecoveryCodes: {
      schemas: ['identity/commands/IssueRecoveryCodes.v1'],
      plain: () => ({
        type: 'IssueRecoveryCodes',
      }),
    },
    KeepName: {
      schemas: ['identity/commands/KeepName.v1'],
      plain: (command) => ({
        type: 'KeepName',
        holderId: command.holderId,
        uses: command.uses,
      }),
    },
    LapseName: {
      schemas: ['identity/commands/LapseName.v1'],
      plain: (command) => ({
        type: 'LapseName',
        dueAt: command.dueAt,
      }),
    },
    LiftAddressBan: {
      schemas: ['identity/commands/LiftAddressBan.v1'],
      plain: (command) => ({
        type: 'LiftAddressBan',
        reason: command.reason,
      }),
    },
    OpenAccount: {
      schemas: ['identity/commands/OpenAccount.v1', 'identity/commands/OpenAccount.v2'],
      plain: (command) => ({
        type: 'OpenAccount',
        handle: command.handle,
        displayName: command.displayName,
        email: command.email,
        platformRole: command.platformRole,
        termsVersion: command.termsVersion,
        invitedBy: command.invitedBy,
        handleKey: command.handleKey,
        displayNameKey: command.displayNameKey,
        createdAt: command.createdAt,
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
    ReactivateAccount: {
      schemas: ['identity/commands/ReactivateAccount.v1'],
      plain: () => ({
        type: 'ReactivateAccount',
      }),
    },
    RecordAccountRead: {
      schemas: ['identity/commands/RecordAccountRead.v1'],
      plain: (command) => ({
        type: 'RecordAccountRead',
        what: command.what,
      }),
    },
    RecordAccountSearch: {
      schemas: ['identity/commands/RecordAccountSearch.v1'],
      plain: (command) => ({
        type: 'RecordAccountSearch',
        handle: command.handle,
        byEmail: command.byEmail,
        byAddress: command.byAddress,
        state: command.state,
        role: command.role,
        from: command.from,
        to: command.to,
        found: command.found,
      }),
    },
    RecordAuditRead: {
      schemas: ['identity/commands/RecordAuditRead.v1'],
      plain: (command) => ({
        type: 'RecordAuditRead',
        exported: command.exported,
        actor: command.actor,
        target: command.target,
        channel: command.channel,
        kind: command.kind,
        family: command.family,
        from: command.from,
        to: command.to,
        why: command.why,
        byAddress: command.byAddress,
      }),
    },
    RecordExport: {
      schemas: ['identity/commands/RecordExport.v1'],
      plain: (command) => ({
        type: 'RecordExport',
        reason: command.reason,
      }),
    },
    RecordFailedFactor: {
      schemas: ['identity/commands/RecordFailedFactor.v1'],
      plain: () => ({
        type: 'RecordFailedFactor',
      }),
    },
    RecordFailedLogins: {
      schemas: ['identity/commands/RecordFailedLogins.v1'],
      plain: (command) => ({
        type: 'RecordFailedLogins',
        attempts: command.attempts,
      }),
    },
    RecordInvitation: {
      schemas: ['identity/commands/RecordInvitation.v1'],
      plain: (command) => ({
        type: 'RecordInvitation',
        until: command.until,
      }),
    },
    RecordPasswordChange: {
      schemas: ['identity/commands/RecordPasswordChange.v1'],
      plain: (command) => ({
        type: 'RecordPasswordChange',
        sessionIds: command.sessionIds,
      }),
    },
    RecordPlatformRead: {
      schemas: ['identity/commands/RecordPlatformRead.v1'],
      plain: (command) => ({
        type: 'RecordPlatformRead',
        what: command.what,
      }),
    },
    RecordRefusedAccess: {
      schemas: ['identity/commands/RecordRefusedAccess.v1'],
      plain: (command) => ({
        type: 'RecordRefusedAccess',
        attempts: command.attempts,
        operation: command.operation,
        code: command.code,
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
    ReleaseName: {
      schemas: ['identity/commands/ReleaseName.v1'],
      plain: (command) => ({
        type: 'ReleaseName',
        holderId: command.holderId,
      }),
    },
    RemoveFactor: {
      schemas: ['identity/commands/RemoveFactor.v1'],
      plain: (command) => ({
        type: 'RemoveFactor',
        factor: command.factor,
        factorId: command.factorId,
      }),
    },
    RemovePassword: {
      schemas: ['identity/commands/RemovePassword.v1'],
      plain: () => ({
        type: 'RemovePassword',
      }),
    },
    RenewAuthentication: {
      schemas: ['identity/commands/RenewAuthentication.v1'],
      plain: (command) => ({
        type: 'RenewAuthentication',
        sessionId: command.sessionId,
        method: command.method,
      }),
    },
    ReserveName: {
      schemas: ['identity/commands/ReserveName.v1', 'identity/commands/ReserveName.v2'],
      plain: (command) => ({
        type: 'ReserveName',
        holderId: command.holderId,
        handleKey: command.handleKey,
      }),
    },
    RestoreAccount: {
      schemas: ['identity/commands/RestoreAccount.v1'],
      plain: (command) => ({
        type: 'RestoreAccount',
        reason: command.reason,
      }),
    },
    RetireHandle: {
      schemas: ['identity/commands/RetireHandle.v1'],
      plain: (command) => ({
        type: 'RetireHandle',
        holderId: command.holderId,
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
    ScheduleErasure: {
      schemas: ['identity/commands/ScheduleErasure.v1'],
      plain: (command) => ({
        type: 'ScheduleErasure',
        delayMs: command.delayMs,
      }),
    },
    ScheduleFactorReset: {
      schemas: ['identity/commands/ScheduleFactorReset.v1'],
      plain: (command) => ({
        type: 'ScheduleFactorReset',
        delayMs: command.delayMs,
        reason: command.reason,
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
    TakeHandle: {
      schemas: ['identity/commands/TakeHandle.v1'],
      plain: (command) => ({
        type: 'TakeHandle',
        holderId: command.holderId,
        handle: command.handle,
        previousKey: command.previousKey,
        nameKey: command.nameKey,
      }),
    },
    UnblockAccount: {
      schemas: ['identity/commands/UnblockAccount.v1'],
      plain: (command) => ({
        type: 'UnblockAccount',
        blocked: command.blocked,
      }),
    },
    UseRecoveryCode: {
      schemas: ['identity/commands/UseRecoveryCode.v1'],
      plain: (command) => ({
        type: 'UseRecoveryCode',
        left: command.left,
      }),
    },
  },
}
