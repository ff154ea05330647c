import { hostOf, isAddress } from './hosts.ts'
import type { Tokens } from './tokens.ts'

/** A host, and the token behind what was read of it. */
export type Addressed = { readonly host: string; readonly end: number }

/** Where browsers end an authority (WHATWG URL, 4.4), and where an address in a text ends. */
const ends = new Set([' ', '\t', '\n', '/', '\\', '?', '#', '<', '>', '"', '`', '|'])
/** What ends a sentence rather than an address. */
const trailing = new Set(".,;:!?)]}'*_")

/** Longer than any host, with every octet written as `%69`. */
const longest = 3 * 253
const isSlash = (text: string | undefined): boolean => text === '/' || text === '\\'

const withoutTrailing = (text: string): string => {
  let end = text.length
  while (end > 0 && trailing.has(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

/** A name of labels and dots, as it is asked for in the DNS. */
const isName = (host: string): boolean => host.includes('.') && /^[a-z0-9._-]+$/.test(host)

/** Of what stands behind the last at sign: it may have a port. */
const hostIn = (written: string): string | undefined => {
  if (written.length > longest) return undefined
  const six = /^\[[0-9a-f:.]{2,45}\]/.exec(written)?.[0]
  if (six !== undefined) return hostOf(six)
  const host = hostOf(withoutTrailing(written).replace(/:\d{1,5}$/, ''))
  return host !== undefined && (isAddress(host) || isName(host)) ? host : undefined
}

/**
 * The host behind a scheme, that stands at this token, as a browser finds it: what stands before an at sign is none, and
 * any name counts. Undefined where none is there, or it is hidden from browsers.
 */
export const addressedBy = (tokens: Tokens, scheme: number): Addressed | undefined => {
  let end = scheme + 2
  if (tokens[scheme + 1]?.text !== ':' || !isSlash(tokens[end]?.text)) return undefined
  while (isSlash(tokens[end]?.text)) end++
  const start = end
  while (end < tokens.length && !ends.has(tokens[end]?.text ?? '')) end++
  const authority = tokens.slice(start, end).map(({ text }) => text)
  const host = hostIn(authority.slice(authority.lastIndexOf('@') + 1).join(''))
  return host === undefined ? undefined : { host, end }
}

const ofSix = /^[0-9a-f:.]+$/

/** An IPv6 address in brackets at the beginning of a word, where a port or a path says that it is one. */
export const bracketedAt = (tokens: Tokens, at: number): Addressed | undefined => {
  const before = tokens[at - 1]
  if (tokens[at]?.text !== '[' || (before && before.kind !== 'space')) return undefined
  let written = ''
  let end = at + 1
  for (; written.length <= 45 && ofSix.test(tokens[end]?.text ?? ''); end++) written += tokens[end]?.text
  const isFollowed =
    isSlash(tokens[end + 1]?.text) || (tokens[end + 1]?.text === ':' && tokens[end + 2]?.kind === 'label')
  if (tokens[end]?.text !== ']' || !isFollowed) return undefined
  const host = hostOf(`[${written}]`)
  return host === undefined ? undefined : { host, end: end + 1 }
}
