import { setTimeout as sleep } from 'node:timers/promises'
import { isUuidv7, uuidv7Time } from '#libs/journal/ids.ts'
import type { EvidenceAsked } from './evidence.ts'
import type { ReadEvidence } from './reads.ts'

/** Of younger messages the read model may not know yet: it is far quicker where nothing is wrong. */
const YOUNG_MS = 10_000

/** How long is waited before each further look. */
const looksAfterMs = [50, 100, 250, 600]

const namedIn = (asked: EvidenceAsked): readonly string[] => {
  if ('around' in asked) return [asked.around]
  return 'messages' in asked ? asked.messages : []
}

type Time = { readonly now: () => number; readonly wait: (ms: number) => Promise<unknown> }

/**
 * Looks again, for a second at most, where a message is named that was posted a moment ago and is not in the read model
 * yet: whoever reports it at once is not to leave the moderators without it. What is older and not there is gone.
 */
export const withLateOnes =
  (read: ReadEvidence, { now, wait }: Time = { now: Date.now, wait: sleep }): ReadEvidence =>
  async (channelId, asked) => {
    const isLate = (id: string): boolean => isUuidv7(id) && now() - uuidv7Time(id) < YOUNG_MS
    let found = await read(channelId, asked)
    for (const waitMs of looksAfterMs) {
      const there = new Set(found.map(({ id }) => id))
      if (!namedIn(asked).some((id) => !there.has(id) && isLate(id))) break
      await wait(waitMs)
      found = await read(channelId, asked)
    }
    return found
  }
