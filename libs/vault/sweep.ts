/**
 * Removes what is over, on the way of those who write beside it, and not before `everyMs` have passed since the last time,
 * since each look costs one.
 */
export const sweeper = (
  now: () => number,
  everyMs: number,
  remove: (atMs: number) => PromiseLike<unknown>,
): (() => Promise<void>) => {
  let sweptAt = Number.NEGATIVE_INFINITY
  return async () => {
    const at = now()
    if (at < sweptAt + everyMs) return
    sweptAt = at
    await remove(at)
  }
}
