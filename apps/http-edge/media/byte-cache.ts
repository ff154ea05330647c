/** Values of known sizes, kept until their time or until newer ones need the room: who was asked for longest ago goes first. */
export type ByteCache<Value> = {
  readonly get: (key: string) => Value | undefined
  readonly put: (key: string, value: Value, bytes: number, keptMs: number) => void
  readonly bytes: () => number
}

type Kept<Value> = { readonly value: Value; readonly bytes: number; readonly until: number }

/** What each entry costs besides its body. */
const OVERHEAD_BYTES = 512

export const createByteCache = <Value>(mostBytes: number, now: () => number = Date.now): ByteCache<Value> => {
  const kept = new Map<string, Kept<Value>>()
  let held = 0

  const drop = (key: string, { bytes }: Kept<Value>): void => {
    kept.delete(key)
    held -= bytes
  }

  const makeRoom = (): void => {
    for (const [key, entry] of kept) {
      if (held <= mostBytes) return
      drop(key, entry)
    }
  }

  return {
    get: (key) => {
      const entry = kept.get(key)
      if (!entry) return undefined
      if (entry.until <= now()) {
        drop(key, entry)
        return undefined
      }
      kept.delete(key)
      kept.set(key, entry)
      return entry.value
    },
    put: (key, value, bodyBytes, keptMs) => {
      const before = kept.get(key)
      if (before) drop(key, before)
      const bytes = bodyBytes + OVERHEAD_BYTES
      if (bytes > mostBytes || keptMs <= 0) return
      kept.set(key, { value, bytes, until: now() + keptMs })
      held += bytes
      makeRoom()
    },
    bytes: () => held,
  }
}
