import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CompiledPolicy } from '#libs/policy/compile.ts'
import { sketchKeyOf } from '#libs/policy/text/sketch.ts'
import { openTrial, type PastMessage, type TrialResult } from '#libs/policy/trial.ts'
import type { PastAsked } from './past-messages.ts'

/** So many messages are judged between two looks at what else there is to do. */
const slice = 10

/** Sketches of a trial are compared among themselves alone, and never kept. */
const trialKey = sketchKeyOf((text) => `trial of ${text}`)

/**
 * Tries a policy over the past of a channel, a page at a time. Others that the process serves do not wait for it; it
 * stops where the signal is aborted.
 */
export const tryPolicy = async (
  policy: CompiledPolicy,
  since: number,
  page: (asked: PastAsked) => Promise<readonly PastMessage[]>,
  signal?: AbortSignal,
): Promise<TrialResult> => {
  const trial = openTrial(policy, trialKey)
  let after: number | undefined
  for (;;) {
    signal?.throwIfAborted()
    const messages = await page({ since, after })
    const last = messages.at(-1)
    if (!last) return trial.result()
    for (let from = 0; from < messages.length; from += slice) {
      trial.take(messages.slice(from, from + slice))
      await nextTurn()
    }
    after = last.seq
  }
}
