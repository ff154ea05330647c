/** What a viewer asks for below `/live/`. */
export type Asked =
  | { readonly kind: 'entry'; readonly channelId: string; readonly token: string | undefined }
  | {
      readonly kind: 'media'
      readonly channelId: string
      readonly broadcastId: string
      /** Below the broadcast: a playlist, a part, a picture. */
      readonly file: string
      /** The directives of HLS, in one order whatever the order in which they came; empty without. */
      readonly directives: string
      readonly token: string | undefined
    }

const entry = /^\/live\/(\d{1,16})\/index\.m3u8$/
const media = /^\/live\/(\d{1,16})\/([0-9a-f-]{36})\/((?:[a-z0-9-]{1,32}\/)?[a-z0-9.-]{1,64})$/
const numbered = ['_HLS_msn', '_HLS_part'] as const

/**
 * What makes no other answer makes no other place in the cache, nor a request of its own: whatever else stands in the query,
 * and the forms of a delta, of which there is one here.
 */
const directivesOf = (query: URLSearchParams): string => {
  const numbers = numbered.flatMap((name) => {
    const value = query.get(name)
    return value === null ? [] : [`${name}=${encodeURIComponent(value.slice(0, 20))}`]
  })
  const skips = ['YES', 'v2'].includes(query.get('_HLS_skip') ?? '')
  return [...numbers, ...(skips ? ['_HLS_skip=YES'] : [])].join('&')
}

/** @param url as in the request line */
export const askedOf = (url: string): Asked | undefined => {
  const at = url.indexOf('?')
  const path = at < 0 ? url : url.slice(0, at)
  const query = at < 0 ? undefined : new URLSearchParams(url.slice(at + 1))
  const token = query?.get('token') ?? undefined
  const whole = media.exec(path)
  if (whole) {
    const [, channelId = '', broadcastId = '', file = ''] = whole
    return { kind: 'media', channelId, broadcastId, file, directives: query ? directivesOf(query) : '', token }
  }
  const [, channelId] = entry.exec(path) ?? []
  return channelId === undefined ? undefined : { kind: 'entry', channelId, token }
}
