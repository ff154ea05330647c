import unhomoglyph from 'unhomoglyph'

const invisible = /\p{Default_Ignorable_Code_Point}/gu

/** As Unicode's TR39, section 4, has it: of names with one skeleton each may be taken for the other. */
const skeleton = (name: string): string => unhomoglyph(name.normalize('NFD').replaceAll(invisible, '')).normalize('NFD')

/** One look may be a look-alike of another in its turn; the longest chain in Unicode's tables is shorter. */
const maxRounds = 8

/**
 * What a name looks like, without case and spaces: equal for names that could be taken for one another. A capital I is
 * the twin of l, and without case i is its own capital, so these are one here.
 *
 * @example lookOf('pаypаI') === lookOf('PayPal') // Cyrillic а, capital I
 */
export const lookOf = (name: string): string => {
  let look = name
  for (let round = 0; round < maxRounds; round++) {
    const next = skeleton(skeleton(look.normalize('NFKC')).toLowerCase())
      .replaceAll('i', 'l')
      .replaceAll(/\s/g, '')
    if (next === look) break
    look = next
  }
  return look
}
