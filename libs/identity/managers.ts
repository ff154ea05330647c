import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelCommand } from '#libs/contracts/generated/channel.ts'
import type { HandleClaimed, HandleTaken } from '#libs/contracts/generated/identity.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { ManagedCommand, Manager } from '#libs/journal/manager.ts'
import type { IdentityCommand } from './commands.ts'
import type { OpenedIdentityEvent } from './events.ts'

/** Opens what a handle was claimed for, or gives the handle back. */
export const handlesManager: Manager<OpenedIdentityEvent> = {
  name: 'handles',
  family: 'account',
  react: (outcome, events) =>
    events.flatMap((event) => {
      switch (event.type) {
        case 'HandleClaimed':
          return afterClaim(outcome.key, event)
        case 'HandleTaken':
          return afterTaking(outcome.key, event)
        case 'HandleChanged':
          return event.previousKey === null || event.previousKey === event.handleKey
            ? []
            : [toAccount(event.previousKey, { type: 'RetireHandle', holderId: event.accountId })]
        case 'HandleReleased':
          return event.nameKey === null || event.ownerId === null ? [] : [release(event.nameKey, event.ownerId)]
        case 'ProfileChanged':
          return [
            ...keep(event.accountId, event.displayNameKey),
            ...(event.previousDisplayNameKey === null ? [] : [release(event.previousDisplayNameKey, event.accountId)]),
          ]
        default:
          return []
      }
    }),
}

const release = (nameKey: string, holderId: string): ManagedCommand =>
  toAccount(nameKey, { type: 'ReleaseName', holderId })

/** One command for each name, however many uses it has: an aggregate takes one command of a record. */
const keep = (holderId: string, ...nameKeys: readonly (string | null)[]): readonly ManagedCommand[] => {
  const keys = nameKeys.filter((key) => key !== null)
  return [...new Set(keys)].map((nameKey) => {
    const uses = keys.filter((key) => key === nameKey).length
    return toAccount(nameKey, { type: 'KeepName', holderId, uses })
  })
}

const afterTaking = (handleKey: string, taken: Opened<HandleTaken>): readonly ManagedCommand[] => {
  const { holderId, handle, held, previousKey, nameKey } = taken
  // Of an erased person: the handle stays theirs, as the one before.
  if (handle === undefined) return []
  const change = toAccount(holderId, { type: 'ChangeHandle', handle, handleKey, previousKey })
  const back = {
    free: toAccount(handleKey, { type: 'ReleaseHandle', holderId }),
    retired: toAccount(handleKey, { type: 'RetireHandle', holderId }),
    current: undefined,
  }[held]
  return [{ ...change, ...(back && { ifRejected: back }) }, ...keep(holderId, nameKey)]
}

const afterClaim = (handleKey: string, claim: Opened<HandleClaimed>): readonly ManagedCommand[] => {
  // Of an erased person nothing is left to open. Their handle stays claimed: the account may have been open before a
  // manager that lost its position comes here again.
  if (claim.handle === undefined || claim.displayName === undefined || claim.email === undefined) return []
  const ifRejected = toAccount(handleKey, { type: 'ReleaseHandle', holderId: claim.holderId })
  const { holderId, ownerId, handle, displayName, email, platformRole, nameKey, displayNameKey } = claim
  const { termsVersion, invitedBy, createdAt, previousKey } = claim
  const since = { termsVersion, invitedBy, createdAt }
  const profile = { handle, displayName, email, platformRole, ...since, handleKey, displayNameKey }
  const next =
    claim.holderKind === 'account'
      ? toAccount(holderId, { type: 'OpenAccount', ...profile })
      : toChannel(
          holderId,
          previousKey === null
            ? { type: 'CreateChannel', ownerId, slug: handle }
            : { type: 'RenameChannel', slug: handle, slugKey: handleKey, previousKey },
        )
  return [{ ...next, ifRejected }, ...keep(ownerId, nameKey, displayNameKey)]
}

const toAccount = (key: string, command: IdentityCommand): ManagedCommand => {
  const { type, version, bytes } = codecs.account.encodeCommand(command)
  return { family: 'account', key, type, version, payload: bytes }
}

const toChannel = (key: string, command: ChannelCommand): ManagedCommand => {
  const { type, version, bytes } = codecs.channel.encodeCommand(command)
  return { family: 'channel', key, type, version, payload: bytes }
}
