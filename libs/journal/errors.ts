/**
 * Why the shell around the deciders rejects a command before, or instead of, asking the rules of its family.
 * `detail` of each is named in its remedy.
 */
export const commandErrors = {
  'command.malformed': {
    status: 400,
    title: 'The command cannot be read',
    remedy: 'Send a command type and a payload that this release knows, with a UUIDv7 as its id.',
  },
  'command.too_large': {
    status: 413,
    title: 'The command is larger than the log takes',
    remedy: 'Nothing was sent. Split it into several.',
  },
  'command.expired': {
    status: 408,
    title: 'The command was not decided before it expired',
    remedy: 'Nothing was done. Send it again with a new id, if it is still wanted.',
  },
  'command.id_reused': {
    status: 422,
    title: 'The id was used before, for another command',
    remedy: 'Mint a new id for each command; use an id again only to send the very same command again.',
  },
  'command.too_old': {
    status: 422,
    title: 'The id of the command is too old to tell whether it was decided before',
    remedy: 'Look whether the command was done; if not, mint a new id by `serverTime` (ms since the epoch).',
  },
  'command.too_new': {
    status: 422,
    title: 'The id of the command is from the future',
    remedy: 'Mint ids by `serverTime` (ms since the epoch), or by the `Date` header of an answer.',
  },
  'command.poisoned': {
    status: 500,
    title: 'The command could not be decided, again and again',
    remedy: 'Nothing was done. Tell the operator the id of the command; sending it again will not help.',
  },
  'command.subject_erased': {
    status: 410,
    title: 'The account that this belongs to has been erased',
    remedy: 'Nothing was done, and nothing can be: what an erased account would say cannot be kept.',
  },
} as const

export type CommandErrorCode = keyof typeof commandErrors

/** Rejections that say something of the id, not of the command: sent again later, it may come to something else. */
export const rejectionsOfTheId: ReadonlySet<string> = new Set<CommandErrorCode>([
  'command.malformed',
  'command.too_old',
  'command.too_new',
  'command.id_reused',
])
