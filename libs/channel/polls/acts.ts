import type { AccessRule } from '#libs/access/rule.ts'
import type { GrantableScope } from '#libs/access/scopes.ts'
import type { ActOf } from '#libs/protocols/native/acts.ts'
import type { PollAct } from '#libs/protocols/native/polls.ts'
import type { ChannelCommand } from '../commands.ts'

type Kind = PollAct['kind']

/** The command of each act on polls. */
export const pollCommands: { readonly [K in Kind]: (act: ActOf<K>) => ChannelCommand } = {
  'start-poll': ({ question, options, durationMs, weighted, changeable, hidden, reason }) => ({
    type: 'StartPoll',
    question,
    options,
    durationMs,
    weighted: weighted ?? false,
    changeable: changeable ?? false,
    hidden: hidden ?? false,
    reason: reason ?? null,
  }),
  'end-poll': ({ poll, cancel, reason }) => ({
    type: 'EndPoll',
    pollId: poll,
    cancel: cancel ?? false,
    reason: reason ?? null,
  }),
  vote: ({ poll, option }) => ({ type: 'CastVote', pollId: poll, option }),
}

/** Who may do each. */
export const pollRules: { readonly [K in Kind]: AccessRule } = {
  'start-poll': { channel: 'run_polls' },
  'end-poll': { channel: 'run_polls' },
  vote: { channel: 'vote' },
}

/** What a token must be good for to do each. */
export const pollScopes: { readonly [K in Kind]: GrantableScope } = {
  'start-poll': 'channel:moderate',
  'end-poll': 'channel:moderate',
  vote: 'chat:write',
}
