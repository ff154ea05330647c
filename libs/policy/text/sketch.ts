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

/** Used within one call alone. */
const scratch = new Uint32Array(SKETCH_BYTES)

/** Of letters as `lettersOf` makes them, so that neither case, accents nor repeats make a text another one. */
export const sketchOf = ({ codes, length }: Letters, key: SketchKey): Sketch => {
  const least = scratch.fill(EMPTY)
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

/** A sketch as four words of 32 bits, for comparison. */
export type SketchWords = readonly [number, number, number, number]

export const wordsOfSketch = (sketch: Sketch): SketchWords => [
  sketch.readInt32LE(0),
  sketch.readInt32LE(4),
  sketch.readInt32LE(8),
  sketch.readInt32LE(12),
]

/** How many of its four bytes are zero (Warren, "Hacker's Delight", 6-1). */
const zeroBytes = (word: number): number => {
  const marks = ~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f)
  return ((marks >>> 7) & 1) + ((marks >>> 15) & 1) + ((marks >>> 23) & 1) + (marks >>> 31)
}

/** How many of the 16 bytes two sketches have in common. */
export const sameBytes = (one: SketchWords, other: SketchWords): number =>
  zeroBytes(one[0] ^ other[0]) +
  zeroBytes(one[1] ^ other[1]) +
  zeroBytes(one[2] ^ other[2]) +
  zeroBytes(one[3] ^ other[3])

/** By chance, one byte of 256 is the same. */
const byChance = 1 / 256

/** The estimated share of what two texts have in common, 0 to 1, of the bytes that their sketches share. */
export const resemblanceOf = (same: number): number => Math.max(0, (same / SKETCH_BYTES - byChance) / (1 - byChance))

/** The least number of bytes in common at which texts are taken to resemble each other that much. */
export const bytesFor = (resemblance: number): number => {
  let same = 0
  while (same < SKETCH_BYTES && resemblanceOf(same) < resemblance) same++
  return same
}
