import type { PastMessage } from './trial.ts'

/** What a made-up past holds, counted while it was made: what a policy is measured against. */
export type MadePast = {
  readonly messages: readonly PastMessage[]
  /** Of those with a blocked word, and of those without: how many moderators had acted on. */
  readonly blockedModerated: number
  readonly blockedLeft: number
  readonly otherModerated: number
  readonly otherLeft: number
}

/** A generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const words = ['we', 'saw', 'nobody', 'yesterday', 'since', 'rain', 'fell', 'upon', 'every', 'roof', 'in', 'town']

/** The words that the policy of the fixture blocks, some of them in disguise. */
const blocked = ['grifter', 'GRIFTER', 'gr1fter', 'g r i f t e r', 'grïfter', 'grift.er']

/** Messages a second apart by 50 authors: one in 20 has a blocked word, and moderators acted on most of those. */
export const madePast = (seed: number, count: number, since: number): MadePast => {
  const random = seeded(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
  const counts = { blockedModerated: 0, blockedLeft: 0, otherModerated: 0, otherLeft: 0 }
  const messages = Array.from({ length: count }, (_, index): PastMessage => {
    const isBlocked = random() < 0.05
    const moderated = random() < (isBlocked ? 0.8 : 0.01)
    counts[isBlocked ? (moderated ? 'blockedModerated' : 'blockedLeft') : moderated ? 'otherModerated' : 'otherLeft']++
    const said = Array.from({ length: 3 + Math.floor(random() * 9) }, () => pick(words))
    const text = (isBlocked ? [...said, pick(blocked), pick(words)] : said).join(' ')
    return {
      id: `message-${index}`,
      seq: index + 1,
      at: since + index * 1_000,
      author: String(100 + Math.floor(random() * 50)),
      role: 'member',
      accountCreatedAt: undefined,
      text,
      moderated,
    }
  })
  return { messages, ...counts }
}
