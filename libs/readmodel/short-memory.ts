/** A read model's answer kept for a moment: what may lag a second (I9) is not asked for with every request. */
export const shortMemory = <Value>(
  ask: (key: string) => Promise<Value>,
  options: { readonly keptMs?: number; readonly capacity?: number; readonly now?: () => number } = {},
) => {
  const { keptMs = 1000, capacity = 10_000, now = Date.now } = options
  const kept = new Map<string, { readonly value: Promise<Value>; readonly until: number }>()

  const forget = (key: string): boolean => kept.delete(key)

  const get = (key: string): Promise<Value> => {
    const known = kept.get(key)
    if (known && known.until > now()) return known.value
    const value = ask(key)
    kept.delete(key)
    kept.set(key, { value, until: now() + keptMs })
    const [oldest] = kept.keys()
    if (kept.size > capacity && oldest !== undefined) kept.delete(oldest)
    // What failed is asked for again by the next; who asked now is told.
    value.catch(() => {
      if (kept.get(key)?.value === value) kept.delete(key)
    })
    return value
  }

  return { get, forget }
}
