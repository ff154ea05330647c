/** A map of bounded size: what was not used for longest leaves first. */
export type Lru<Value> = {
  /** A use. */
  readonly get: (key: string) => Value | undefined
  readonly set: (key: string, value: Value) => void
  readonly size: () => number
}

/** Rests on a Map keeping its keys in the order of insertion: a use puts the key at the end again. */
export const createLru = <Value>(capacity: number): Lru<Value> => {
  const entries = new Map<string, Value>()
  return {
    get: (key) => {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set: (key, value) => {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size <= capacity) return
      const oldest = entries.keys().next()
      if (!oldest.done) entries.delete(oldest.value)
    },
    size: () => entries.size,
  }
}
