import type { ErrorTable } from '#libs/http/problem.ts'

/** What a policy refuses, and what is wrong with one. */
export const policyErrors = {
  'channel.filtered': {
    status: 422,
    title: 'A rule of this channel does not let this message pass',
    remedy:
      'Say it another way; `kind` is the kind of rule. Where `remainingMs` is named you are timed out for so long.',
  },
  'channel.policy_invalid': {
    status: 422,
    title: 'The policy cannot be used',
    remedy: 'Look at `at`, the place in it that is wrong; `whiply policy check` and the JSON Schema say more.',
  },
  'channel.policy_unchanged': {
    status: 409,
    title: 'This is the policy of the channel already',
    remedy: 'Nothing is left to do.',
  },
  'channel.word_list_unfit': {
    status: 422,
    title: 'The list has no word that can be taken in, or too many',
    remedy: 'Send at least one word, and at most `max`; `dryRun` tells which lines are none.',
  },
} as const satisfies ErrorTable
