import type { Decider } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import { platformSubject } from '#libs/vault/platform-subject.ts'
import { sealsForPlatform } from './addresses/decide.ts'
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
    case 'ChangeHandle':
    case 'ChangeProfile':
      return [key]
    case 'TakeHandle':
      return [command.holderId]
    default:
      if (sealsForPlatform(command)) return [platformSubject]
      return sealsForAccount(command) ? [key] : []
  }
}

const dueCommands = {
  reservation: (dueAt: Instant) => ({ type: 'LapseName', dueAt }),
  retirement: (dueAt: Instant) => ({ type: 'EndRetirement', dueAt }),
  erasure: (dueAt: Instant) => ({ type: 'CompleteErasure', dueAt }),
  factor_reset: (dueAt: Instant) => ({ type: 'CompleteFactorReset', dueAt }),
} as const satisfies Readonly<Record<string, (dueAt: Instant) => IdentityCommand>>

const isDue = (name: string): name is keyof typeof dueCommands => Object.hasOwn(dueCommands, name)

const dueAt = (name: keyof typeof dueCommands, at: Instant | null) => (at === null ? undefined : { name, at })

type Due = ReturnType<typeof dueAt>

const earlier = (one: Due, other: Due): Due => (one && other ? (one.at <= other.at ? one : other) : (one ?? other))

const due = (state: IdentityState) => {
  switch (state.kind) {
    case 'name':
      return dueAt('reservation', state.reservedUntil)
    case 'handle':
      return dueAt('retirement', state.retiredUntil)
    case 'account':
      return earlier(dueAt('erasure', state.eraseAt), dueAt('factor_reset', state.factorResetAt))
    case 'address':
    case 'none':
      return undefined
  }
}

/** The rules of the family `account`: accounts by their ids, handles and names by their hashes. */
export const identityDecider: Decider<IdentityState, IdentityCommand, IdentityEvent, IdentityDraft> = {
  family: 'account',
  stateVersion: 7,
  initial,
  decide,
  evolve,
  due,
  dueCommand: (name, at) => {
    if (!isDue(name)) throw new RangeError(`no due time of an account is named ${name}`)
    return dueCommands[name](at)
  },
  encodeState: (state) => state,
  decodeState: (value) => value as IdentityState,
  subjects,
}
