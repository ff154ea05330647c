import type { MemberFacts } from '#libs/channel/edge.ts'
import type { ClassifyWhereAsked } from '#libs/channel/policy/asks.ts'
import { classificationFacts } from '#libs/channel/policy/classification.ts'

/** What is known of a post besides its text, at once or after a while. */
type Known = MemberFacts | Promise<MemberFacts>

/**
 * Has an outside model asked of posts before they are sent. Answers come in any order, so posts of one account wait for
 * those before them; each for no longer than the model's bound. Without a model nothing waits for it.
 */
export const createClassifying = (classify: ClassifyWhereAsked | undefined) => {
  /** The last post of an account that waits. */
  const last = new Map<string, Promise<void>>()

  const waiting = (accountId: string, facts: Promise<MemberFacts>, send: (facts: MemberFacts) => void): void => {
    const before = last.get(accountId) ?? Promise.resolve()
    const turn = Promise.all([facts, before]).then(([known]) => {
      if (last.get(accountId) === turn) last.delete(accountId)
      send(known)
    })
    last.set(accountId, turn)
  }

  return (
    accountId: string,
    post: { readonly channel: string; readonly text: string },
    known: Known,
    send: (facts: MemberFacts) => void,
  ): void => {
    if (!classify) {
      if (known instanceof Promise) void known.then(send)
      else send(known)
      return
    }
    const { channel, text } = post
    const facts = Promise.all([known, classify({ channel, text })]).then(([member, said]) => ({
      ...member,
      ...classificationFacts(said),
    }))
    waiting(accountId, facts, send)
  }
}
