import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelCommand } from '#libs/contracts/generated/channel.ts'
import type { HandleClaimed } from '#libs/contracts/generated/identity.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { ManagedCommand, Manager } from '#libs/journal/manager.ts'
import type { IdentityCommand } from './commands.ts'
import type { OpenedIdentityEvent } from './events.ts'

/** Opens what a handle was claimed for, or gives the handle back. */
export const handlesManager: Manager<OpenedIdentityEvent> = {
  name: 'handles',
  family: 'account',
  react: (outcome, events) =>
    events.flatMap((event) => (event.type === 'HandleClaimed' ? afterClaim(outcome.key, event) : [])),
}

const afterClaim = (handleKey: string, claim: Opened<HandleClaimed>): readonly ManagedCommand[] => {
  // Of an erased person nothing is left to open. Their handle stays claimed: the account may have been open before a
  // manager that lost its position comes here again.
  if (claim.handle === undefined || claim.displayName === undefined || claim.email === undefined) return []
  const release = toAccount(handleKey, { type: 'ReleaseHandle', holderId: claim.holderId })
  const { holderId, ownerId, handle, displayName, email, platformRole } = claim
  const next =
    claim.holderKind === 'account'
      ? toAccount(holderId, { type: 'OpenAccount', handle, displayName, email, platformRole })
      : toChannel(holderId, { type: 'CreateChannel', ownerId, slug: handle })
  return [{ ...next, ifRejected: release }]
}

const toAccount = (key: string, command: IdentityCommand): ManagedCommand => {
  const { type, version, bytes } = codecs.account.encodeCommand(command)
  return { family: 'account', key, type, version, payload: bytes }
}

const toChannel = (key: string, command: ChannelCommand): ManagedCommand => {
  const { type, version, bytes } = codecs.channel.encodeCommand(command)
  return { family: 'channel', key, type, version, payload: bytes }
}
