import type { DecideContext, Decision } from '#libs/journal/decider.ts'
import type { Detail } from '#libs/journal/outcome.ts'
import type { IdentityDraft } from './events.ts'
import type { IdentityState } from './state.ts'

/** The rules of a command, in the order in which a person is told of them. */
export type Decide<Command> = (
  command: Command,
  state: IdentityState,
  context: DecideContext,
) => Decision<IdentityDraft>

/** What comes of a command that is allowed: one event, several or none; and what its sender is told besides. */
export const accept = (
  events: IdentityDraft | readonly IdentityDraft[],
  summary: Detail = {},
): Decision<IdentityDraft> => ({ kind: 'accepted', events: [events].flat(), summary })
