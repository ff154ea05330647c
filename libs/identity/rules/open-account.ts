import type { DecideContext, Decision } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import type { IdentityDraft } from '../events.ts'
import type { Account, IdentityState } from '../state.ts'
import { accountNotOpen, notAnAccountKey } from './aggregates.ts'

/** What an open account decides on a command. */
export type DecideOpen<Command> = (
  command: Command,
  account: Account,
  context: DecideContext,
) => Decision<IdentityDraft>

/** Refuses where the key is none of an account, or its account is not open; else lets the account decide. */
export const ofOpenAccount =
  <Command>(decideOpen: DecideOpen<Command>) =>
  (command: Command, state: IdentityState, context: DecideContext): Decision<IdentityDraft> => {
    const refused = notAnAccountKey(state) ?? accountNotOpen(state)
    if (refused) return refused
    return state.kind === 'account' ? decideOpen(command, state, context) : reject('identity.account_unknown')
  }
