/** What a request asks of a representation: all of it, some bytes (the last one excluded), or what it has not. */
export type AskedBytes = 'whole' | 'unsatisfiable' | { readonly from: number; readonly to: number }

export type RangeHeaders = { readonly range?: string | undefined; readonly 'if-range'?: string | undefined }

const form = /^bytes=(\d{0,15})-(\d{0,15})$/

/**
 * The one range of bytes that a GET request asks for (RFC 9110, sections 14.1.2, 14.2 and 13.1.5). Several ranges, other
 * units and what cannot be read are as if nothing had been asked for, and so is a range of another version than that of
 * the entity tag.
 *
 * @param tag of the representation as it is now: a strong one
 */
export const askedBytes = (headers: RangeHeaders, bytes: number, tag: string): AskedBytes => {
  const [, first = '', last = ''] = form.exec(headers.range?.trim() ?? '') ?? []
  const condition = headers['if-range']
  if ((first === '' && last === '') || (condition !== undefined && condition !== tag)) return 'whole'
  if (first === '') {
    const suffix = Math.min(Number(last), bytes)
    return suffix === 0 ? 'unsatisfiable' : { from: bytes - suffix, to: bytes }
  }
  const from = Number(first)
  const to = last === '' ? bytes : Math.min(Number(last) + 1, bytes)
  if (last !== '' && Number(last) < from) return 'whole'
  return from < bytes ? { from, to } : 'unsatisfiable'
}
