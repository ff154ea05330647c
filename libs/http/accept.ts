/** A media range and how much it is wanted, as one entry of Accept has them. */
const rangeOf = (entry: string): { readonly range: string; readonly quality: number } => {
  const [range = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  const quality = weight === undefined ? 1 : Number(weight)
  return { range, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

/**
 * Which of the media types offered a client would rather have (RFC 9110, section 12.5.1): the most specific range counts
 * for a type, and among types that are wanted as much the one offered first.
 * @returns undefined where it takes none of them
 */
export const preferredType = <Type extends string>(
  accept: string | undefined,
  offered: readonly Type[],
): Type | undefined => {
  if (accept === undefined || accept.trim() === '') return offered[0]
  const ranges = accept.split(',').map(rangeOf)
  const qualityOf = (type: string): number => {
    const candidates = [type, `${type.split('/')[0]}/*`, '*/*']
    const found = candidates.flatMap((candidate) => ranges.find(({ range }) => range === candidate) ?? [])
    return found[0]?.quality ?? 0
  }
  const [best] = offered
    .map((type) => ({ type, quality: qualityOf(type) }))
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
  return best?.type
}
