import type { Compile } from '../check.ts'
import { linksIn, profileIn } from '../subject.ts'

/** Accounts that are younger than so long: all that they write, or only what has links or mentions. */
export const compileNewAccount: Compile<'new_account'> =
  ({ youngerThanMs, only, unknownAge, verdict }) =>
  (subject) => {
    const { accountCreatedAt, at } = subject.message
    const isNew = accountCreatedAt === undefined ? unknownAge === 'new' : at - accountCreatedAt < youngerThanMs
    if (!isNew) return undefined
    if (only === 'links' && linksIn(subject).length === 0) return undefined
    if (only === 'mentions' && profileIn(subject).mentions === 0) return undefined
    return verdict
  }
