/** Runs work one after another where it has a key in common, and side by side where it has not. */
export const inTurn = () => {
  const last = new Map<string, Promise<void>>()
  return (keys: readonly string[], work: () => Promise<void>): Promise<void> => {
    const before = keys.map((key) => last.get(key) ?? Promise.resolve())
    const done = Promise.allSettled(before).then(work)
    for (const key of keys) last.set(key, done)
    const forget = () => {
      for (const key of keys) if (last.get(key) === done) last.delete(key)
    }
    done.then(forget, forget)
    return done
  }
}
