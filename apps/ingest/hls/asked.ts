/** What a path below a stream names. */
export type Asked = { readonly kind: 'multivariant' } | OfRendition

type Media =
  | { readonly kind: 'playlist' }
  | { readonly kind: 'keyframes' }
  | { readonly kind: 'keyframe'; readonly sequence: number }
  | { readonly kind: 'init'; readonly init: number }
  | { readonly kind: 'segment'; readonly sequence: number }
  | { readonly kind: 'part'; readonly sequence: number; readonly part: number }

/** `rendition` is undefined for what the encoder itself sends. */
export type OfRendition = Media & { readonly rendition: string | undefined }

/**
 * Numbers have one spelling each, since who waits for what is to come holds a connection: by zeros before them somebody
 * could wait for the same at hundreds of addresses.
 */
const forms: readonly (readonly [RegExp, (numbers: readonly number[]) => Media])[] = [
  [/^source\.m3u8$/, () => ({ kind: 'playlist' })],
  [/^keyframes\.m3u8$/, () => ({ kind: 'keyframes' })],
  [/^key-(0|[1-9]\d{0,11})\.mp4$/, ([sequence = 0]) => ({ kind: 'keyframe', sequence })],
  [/^init-(0|[1-9]\d{0,8})\.mp4$/, ([init = 0]) => ({ kind: 'init', init })],
  [/^(0|[1-9]\d{0,11})\.m4s$/, ([sequence = 0]) => ({ kind: 'segment', sequence })],
  [/^(0|[1-9]\d{0,11})\.(0|[1-9]\d{0,3})\.m4s$/, ([sequence = 0, part = 0]) => ({ kind: 'part', sequence, part })],
]

/** The addresses of a stream's media, relative to its playlists; `askedOf` reads them. */
export const addresses = {
  init: (init: number) => `init-${init}.mp4`,
  keyframe: (sequence: number) => `key-${sequence}.mp4`,
  segment: (sequence: number) => `${sequence}.m4s`,
  part: (sequence: number, part: number) => `${sequence}.${part}.m4s`,
} as const

const inRendition = /^(?:(\d{3,4}p)\/)?([^/]+)$/

export const askedOf = (path: string): Asked | undefined => {
  if (path === 'index.m3u8') return { kind: 'multivariant' }
  const [, rendition, file = ''] = inRendition.exec(path) ?? []
  for (const [form, make] of forms) {
    const match = form.exec(file)
    if (match) return { ...make(match.slice(1).map(Number)), rendition }
  }
  return undefined
}

/** What a player asks of a playlist (RFC 8216bis, section 6.2.5). */
export type Directives = {
  readonly sequence: number | undefined
  readonly part: number | undefined
  readonly skips: boolean
}

const numberOf = (text: string): number => (/^(0|[1-9]\d{0,11})$/.test(text) ? Number(text) : Number.NaN)

/** Undefined where they make no sense: a part without its segment, or no number. Names that are not known are passed over. */
export const directivesOf = (query: URLSearchParams): Directives | undefined => {
  const [msn, part, skip] = [query.get('_HLS_msn'), query.get('_HLS_part'), query.get('_HLS_skip')]
  if (part !== null && msn === null) return undefined
  const sequence = msn === null ? undefined : numberOf(msn)
  const index = part === null ? undefined : numberOf(part)
  if (Number.isNaN(sequence) || Number.isNaN(index)) return undefined
  return { sequence, part: index, skips: skip === 'YES' || skip === 'v2' }
}
