/**
 * Finds many terms in one pass (Aho and Corasick, 1975): a trie with, for each state, the state of the longest other
 * beginning that its text ends with. Edges stand in one open-addressed table, so memory is by the terms alone, whatever
 * their scripts; a text of n code units takes at most 2n steps along edges, and one for each term that ends at a place.
 */
export type Automaton = {
  /**
   * Tells of each occurrence, by the term's index and the place behind it, until `onMatch` says true. Returns the steps.
   */
  readonly scan: (codes: Uint16Array, length: number, onMatch: (term: number, end: number) => boolean) => number
}

const NONE = -1
/** States and code units share 32 bits of a key. */
const maxStates = 0xffff

type Node = { readonly edges: Map<number, number>; term: number }

/** The terms as sequences of code units, none empty and none twice. @throws RangeError beyond 65,535 code units */
export const automatonOf = (terms: readonly (readonly number[])[]): Automaton => {
  const nodes: Node[] = [{ edges: new Map(), term: NONE }]
  for (const [index, term] of terms.entries()) {
    let state = 0
    for (const code of term) {
      const next = nodes[state]?.edges.get(code) ?? nodes.length
      if (next === nodes.length) {
        nodes[state]?.edges.set(code, next)
        nodes.push({ edges: new Map(), term: NONE })
      }
      state = next
    }
    const end = nodes[state]
    if (end) end.term = index
  }
  if (nodes.length > maxStates) throw new RangeError(`the terms have over ${maxStates} code units`)
  return searchOf(nodes, linksOf(nodes))
}

type Links = { readonly fail: Int32Array; readonly shorter: Int32Array; readonly terms: Int32Array }

/** By breadth, so that the states of shorter texts are there before those of longer ones. */
const linksOf = (nodes: readonly Node[]): Links => {
  const fail = new Int32Array(nodes.length)
  const shorter = new Int32Array(nodes.length).fill(NONE)
  const terms = Int32Array.from(nodes, ({ term }) => term)
  const queue = [...(nodes[0]?.edges.values() ?? [])]
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0
    for (const [code, next] of nodes[state]?.edges ?? []) {
      let from = fail[state] ?? 0
      while (from !== 0 && !nodes[from]?.edges.has(code)) from = fail[from] ?? 0
      const link = nodes[from]?.edges.get(code) ?? 0
      fail[next] = link
      shorter[next] = terms[link] !== NONE ? link : (shorter[link] ?? NONE)
      queue.push(next)
    }
  }
  return { fail, shorter, terms }
}

const searchOf = (nodes: readonly Node[], { fail, shorter, terms }: Links): Automaton => {
  const bits = Math.max(4, Math.ceil(Math.log2(nodes.length * 2)))
  const mask = 2 ** bits - 1
  const shift = 32 - bits
  const keys = new Uint32Array(2 ** bits)
  /** 0 is an empty place: no edge leads to the first state. */
  const targets = new Uint16Array(2 ** bits)
  const slot = (key: number): number => Math.imul(key, 0x9e3779b1) >>> shift
  for (const [state, { edges }] of nodes.entries())
    for (const [code, target] of edges) {
      const key = ((state << 16) | code) >>> 0
      let at = slot(key)
      while (targets[at] !== 0) at = (at + 1) & mask
      keys[at] = key
      targets[at] = target
    }
  /** A bit for each code unit that begins a term: most of a text begins none. */
  const begins = new Uint32Array(0x10000 / 32)
  for (const code of nodes[0]?.edges.keys() ?? []) begins[code >> 5] = (begins[code >> 5] ?? 0) | (1 << (code & 31))

  const edge = (state: number, code: number): number => {
    const key = ((state << 16) | code) >>> 0
    for (let at = slot(key); ; at = (at + 1) & mask) {
      const target = targets[at] as number
      if (target === 0 || keys[at] === key) return target
    }
  }

  return {
    scan: (codes, length, onMatch) => {
      let state = 0
      let steps = 0
      for (let at = 0; at < length; at++) {
        const code = codes[at] as number
        steps++
        if (state === 0 && ((begins[code >> 5] as number) & (1 << (code & 31))) === 0) continue
        let next = edge(state, code)
        while (next === 0 && state !== 0) {
          state = fail[state] as number
          next = edge(state, code)
          steps++
        }
        state = next
        let found = terms[state] !== NONE ? state : (shorter[state] as number)
        for (; found !== NONE; found = shorter[found] as number) {
          steps++
          if (onMatch(terms[found] as number, at + 1)) return steps
        }
      }
      return steps
    },
  }
}
