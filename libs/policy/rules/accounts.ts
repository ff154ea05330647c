import type { Compile } from '../check.ts'

/** Accounts that are younger than so long: all that they write, or only what has links or mentions. */
export const compileNewAccount: Compile<'new_account'> =
  ({ youngerThanMs, only, unknownAge, verdict }) =>
  (subject) => {
    const { accountCreatedAt, at } = subject
    const isNew = accountCreatedAt === undefined ? unknownAge === 'new' : at - accountCreatedAt < youngerThanMs
    if (!isNew) return undefined
    if (only === 'links' && subject.links().length === 0) return undefined
    if (only === 'mentions' && subject.profile().mentions === 0) return undefined
    return verdict
  }
