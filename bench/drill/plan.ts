import { seededRandom } from '#libs/journal/model/explore.ts'
import { type Role, roles } from '../whiply.ts'

export type Kill = { readonly role: Role /** Pause before it, once the last one is over. */; readonly afterMs: number }

const leastPauseMs = 1_000
const mostPauseMs = 5_000

/** Every victim as often as every other, in an order and at moments that the seed gives. */
export const killPlan = (kills: number, seed: number, victims: readonly Role[] = roles): readonly Kill[] => {
  const random = seededRandom(seed)
  const plan: Kill[] = []
  while (plan.length < kills) {
    const round = victims
      .map((role) => ({ role, order: random() }))
      .sort((a, b) => a.order - b.order)
      .map(({ role }) => ({ role, afterMs: leastPauseMs + random() * (mostPauseMs - leastPauseMs) }))
    plan.push(...round.slice(0, kills - plan.length))
  }
  return plan
}
