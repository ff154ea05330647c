import { keyOf } from './key.ts'
import { type Model, Violation, type World } from './world.ts'

/** How a rule was broken: what happened, in order, and what was wrong then. */
export type Counterexample = { readonly steps: readonly string[]; readonly violation: string }

export type Exploration = {
  /** Distinct worlds visited. */
  readonly states: number
  readonly counterexample?: Counterexample
}

type Visited = { readonly world: World; readonly name: string; readonly from: Visited | undefined }

const stepsTo = (visited: Visited, last: string): readonly string[] => {
  const steps = [last]
  for (let at: Visited | undefined = visited; at?.from; at = at.from) steps.unshift(at.name)
  return steps
}

/** Visits every world that can be reached, or `limit`, the nearest first, so that a counterexample is as short as can be. */
export const explore = ({ start, moves }: Model, limit = Number.POSITIVE_INFINITY): Exploration => {
  const seen = new Set([keyOf(start)])
  let frontier: Visited[] = [{ world: start, name: '', from: undefined }]
  while (frontier.length > 0) {
    const next: Visited[] = []
    for (const visited of frontier) {
      if (seen.size >= limit) return { states: seen.size }
      for (const { name, to } of moves(visited.world)) {
        const world = attempt(to)
        if (world instanceof Violation)
          return { states: seen.size, counterexample: { steps: stepsTo(visited, name), violation: world.message } }
        const key = keyOf(world)
        if (seen.has(key)) continue
        seen.add(key)
        next.push({ world, name, from: visited })
      }
    }
    frontier = next
  }
  return { states: seen.size }
}

const attempt = (to: () => World): World | Violation => {
  try {
    return to()
  } catch (error) {
    if (error instanceof Violation) return error
    throw error
  }
}

/** Numbers from 0 up to 1, the same for the same seed: mulberry32. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Goes on at random until nothing can happen any more, or for `steps` moves. */
export const walk = ({ start, moves }: Model, seed: number, steps: number): Exploration => {
  const random = seededRandom(seed)
  const names: string[] = []
  let world = start
  for (let step = 0; step < steps; step++) {
    const choices = moves(world)
    const move = choices[Math.floor(random() * choices.length)]
    if (!move) break
    names.push(move.name)
    const next = attempt(move.to)
    if (next instanceof Violation) return { states: step, counterexample: { steps: names, violation: next.message } }
    world = next
  }
  return { states: names.length }
}
