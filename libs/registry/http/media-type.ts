import { notAcceptable } from '../errors.ts'

/** What is answered with, the best first. */
const offered = ['application/vnd.schemaregistry.v1+json', 'application/vnd.schemaregistry+json', 'application/json']

type Range = { readonly type: string; readonly quality: number }

const rangesOf = (accept: string): readonly Range[] =>
  accept.split(',').map((entry) => {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase())
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1)
    return { type, quality: Number.isNaN(quality) ? 0 : quality }
  })

const qualityOf = (type: string, ranges: readonly Range[]): number =>
  (
    ranges.find((range) => range.type === type) ??
    ranges.find((range) => ['application/*', '*/*', '*'].includes(range.type))
  )?.quality ?? 0

/** The type that an Accept header likes best (RFC 9110, section 12.5.1). @throws RegistryError 406 */
export const answerType = (accept: string | undefined): string => {
  if (accept === undefined || accept.trim() === '') return offered[0] ?? ''
  const ranges = rangesOf(accept)
  const [best] = offered.toSorted((a, b) => qualityOf(b, ranges) - qualityOf(a, ranges))
  if (best === undefined || qualityOf(best, ranges) === 0) throw notAcceptable()
  return best
}
