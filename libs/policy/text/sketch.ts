import type { Letters } from './letters.ts'

/**
 * A sketch of a text: 16 bytes by which two texts are told to be alike, and from which nobody who lacks the key learns
 * what either says. Densified one-permutation min-hashing of the text's runs of letters (Li, Owen and Zhang, 2012;
 * Shrivastava and Li, 2014), a byte of each minimum kept (b-bit min-wise hashing, Li and König, 2010).
 */
export type Sketch = Buffer

export const SKETCH_BYTES = 16

/** Letters in a row that are taken together: long enough to tell texts apart, short enough to bear small changes. */
const shingle = 4
const EMPTY = 0xffffffff

/** The two words that a key gives to the hash. */
export type SketchKey = { readonly first: number; readonly second: number }

/** A key out of a secret keyed hash: `fingerprint` is that of the journal. */
export const sketchKeyOf = (fingerprint: (text: string) => string): SketchKey => {
  const bytes = Buffer.from(fingerprint('policy/sketch'), 'latin1')
  const word = (from: number): number => {
    let hash = 0x811c9dc5
    for (let at = from; at < bytes.length; at += 2) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
    return hash >>> 0
  }
  return { first: word(0), second: word(1) }
}

/** MurmurHash3's finalizer over the mixed words: every bit of the result hangs on every bit of the input. */
const mixed = (one: number, other: number, { first, second }: SketchKey): number => {
  let hash = Math.imul(one ^ first, 0xcc9e2d51)
  hash = Math.imul(((hash << 15) | (hash >>> 17)) ^ other ^ second, 0x1b873593)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Of letters as `lettersOf` makes them, so that neither case, accents nor repeats make a text another one. */
export const sketchOf = ({ codes, length }: Letters, key: SketchKey): Sketch => {
  const least = new Uint32Array(SKETCH_BYTES).fill(EMPTY)
  const last = Math.max(0, length - shingle)
  for (let at = 0; at <= last; at++) {
    const one = ((codes[at] ?? 0) << 16) | (at + 1 < length ? (codes[at + 1] ?? 0) : 0)
    const other = ((at + 2 < length ? (codes[at + 2] ?? 0) : 0) << 16) | (at + 3 < length ? (codes[at + 3] ?? 0) : 0)
    const hash = mixed(one, other, key)
    const bin = hash >>> 28
    const rest = hash & 0x0fffffff
    if (rest < (least[bin] as number)) least[bin] = rest
  }
  const sketch = Buffer.alloc(SKETCH_BYTES)
  for (let bin = 0; bin < SKETCH_BYTES; bin++) {
    let from = bin
    let distance = 0
    // A place that nothing fell into takes what the next one has, moved by how far away it is.
    while (least[from] === EMPTY && distance < SKETCH_BYTES) {
      from = (from + 1) % SKETCH_BYTES
      distance++
    }
    sketch[bin] = ((least[from] as number) + distance * 0x35) & 0xff
  }
  return sketch
}

/** By chance, one byte of 256 is the same. */
const byChance = 1 / 256

/** The estimated share of what two texts have in common, 0 to 1: their Jaccard similarity. */
export const resemblance = (one: Sketch, other: Sketch): number => {
  let same = 0
  for (let at = 0; at < SKETCH_BYTES; at++) if (one[at] === other[at]) same++
  return Math.max(0, (same / SKETCH_BYTES - byChance) / (1 - byChance))
}
