/**
 * Does at once for all that is asked for in one turn of the microtask queue what costs little more for many than for one.
 * Where it fails it fails for all of them.
 */
export const gathered = <Asked>(work: (asked: readonly Asked[]) => Promise<void>): ((one: Asked) => Promise<void>) => {
  let gathering: { readonly all: Asked[]; readonly done: Promise<void> } | undefined
  return (one) => {
    if (!gathering) {
      const all: Asked[] = []
      const done = Promise.resolve().then(() => {
        gathering = undefined
        return work(all)
      })
      gathering = { all, done }
    }
    gathering.all.push(one)
    return gathering.done
  }
}
