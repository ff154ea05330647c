/** What the bytes of a client come to, line by line. */
export type Line =
  | { readonly kind: 'line'; readonly text: string }
  /** It was longer than the bound, and none of it was kept. */
  | { readonly kind: 'too-long' }
  | { readonly kind: 'not-utf8' }

/** Cuts a stream of bytes into lines. Holds at most `maxBytes` of a line that has not ended. */
export type LineReader = {
  readonly feed: (chunk: Uint8Array) => readonly Line[]
}

const [LF, CR] = [0x0a, 0x0d]

/** CR, LF or both end a line; empty lines are left out. One that is too long is named as soon as it is. */
export const createLineReader = (maxBytes: number): LineReader => {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let parts: Uint8Array[] = []
  let held = 0
  let overlong = false

  const hold = (part: Uint8Array): Line | undefined => {
    if (part.length === 0 || overlong) return undefined
    held += part.length
    if (held > maxBytes) {
      overlong = true
      parts = []
      return { kind: 'too-long' }
    }
    // A copy: the chunk that it is cut from is as large as the network had it.
    parts.push(Uint8Array.from(part))
    return undefined
  }

  const finish = (): Line | undefined => {
    const [bytes, isNamed] = [parts, overlong]
    const wasEmpty = held === 0
    parts = []
    held = 0
    overlong = false
    if (isNamed || wasEmpty) return undefined
    try {
      return { kind: 'line', text: decoder.decode(Buffer.concat(bytes)) }
    } catch {
      return { kind: 'not-utf8' }
    }
  }

  return {
    feed: (chunk) => {
      const lines: Line[] = []
      const add = (line: Line | undefined): void => {
        if (line) lines.push(line)
      }
      let from = 0
      for (let at = 0; at < chunk.length; at++) {
        if (chunk[at] !== LF && chunk[at] !== CR) continue
        add(hold(chunk.subarray(from, at)))
        from = at + 1
        add(finish())
      }
      add(hold(chunk.subarray(from)))
      return lines
    },
  }
}
