import type { Decider } from '#libs/journal/decider.ts'
import type { IdentityCommand } from './commands.ts'
import { decide } from './decide.ts'
import type { IdentityDraft, IdentityEvent } from './events.ts'
import { sealsForAccount } from './security/decide.ts'
import { evolve, type IdentityState, initial } from './state.ts'

/** Accounts whose keys a command's drafts are sealed with. */
const subjects = (command: IdentityCommand, _principal: string, key: string): readonly string[] => {
  switch (command.type) {
    case 'ClaimHandle':
      return [command.ownerId]
    case 'OpenAccount':
    case 'ConfirmEmail':
      return [key]
    default:
      return sealsForAccount(command) ? [key] : []
  }
}

/** The rules of the family `account`: accounts by their ids, handles by their hashes. Time does nothing here. */
export const identityDecider: Decider<IdentityState, IdentityCommand, IdentityEvent, IdentityDraft> = {
  family: 'account',
  stateVersion: 2,
  initial,
  decide,
  evolve,
  due: () => undefined,
  dueCommand: (name) => {
    throw new RangeError(`an account has no due time, and so none named ${name}`)
  },
  encodeState: (state) => state,
  decodeState: (value) => value as IdentityState,
  subjects,
}
