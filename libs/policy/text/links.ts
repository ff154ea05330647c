import { parse } from 'tldts'
import { type Addressed, addressedBy, bracketedAt } from './authority.ts'
import { dotAt, mayHoldLink } from './hidden-dots.ts'
import { hostOf, isAddress } from './hosts.ts'
import { type Tokens, tokensOf } from './tokens.ts'

/** A link as it stands in a text. `host` is in the form of `hostOf`, however it is written. */
export type Link = {
  readonly host: string
  /** Written so that people read it and programs do not: `example[dot]com`, `example . com`, `hxxps://`. */
  readonly obfuscated: boolean
}

/** What is not seen, and lines through, over and under letters. */
const unseen = /\p{Default_Ignorable_Code_Point}|\u0305|[\u0332-\u0338]|\u20e5/gu
/** Full stops of other scripts; IDNA (UTS 46) takes them for dots. */
const dots = /[\u3002\uff0e\uff61\u2024]/g
/** Schemes people write so that no program sees them. */
const hiddenSchemes = new Set(['hxxp', 'hxxps', 'hxtp', 'hxtps'])
const schemes = new Set([...hiddenSchemes, 'http', 'https', 'ftp', 'ws', 'wss'])

const longestHost = 253
/** Of one text; what stands behind is not looked at, since so many links are enough for any verdict. */
const mostLinks = 32

export type FoundLinks = { readonly links: readonly Link[]; readonly steps: number }

/** A link, and the token behind its host. */
type Found = Link & { readonly end: number }

/** The scheme that stands before a host, `://` behind it; empty where there is none. */
const schemeBefore = (tokens: Tokens, at: number): string => {
  if (tokens[at - 1]?.text !== '/' || tokens[at - 2]?.text !== '/' || tokens[at - 3]?.text !== ':') return ''
  return tokens[at - 4]?.text ?? ''
}

const simpleName = /^[a-z0-9_.-]*[a-z_-]$/

/** What is written with dots as a host, where it is one: it has a public suffix, or is an address of four numbers. */
const namedHost = (written: string): string | undefined => {
  if (!written.includes('.')) return undefined
  const host = simpleName.test(written) && !written.includes('xn--') ? written : hostOf(written)
  if (host === undefined) return undefined
  if (isAddress(host)) return written.split('.').length === 4 ? host : undefined
  const { isIcann, domainWithoutSuffix } = parse(host, { extractHostname: false })
  return isIcann === true && domainWithoutSuffix ? host : undefined
}

/** Labels with dots between them, hidden ones too: how far they go, and the link that they are, if any. */
const dotted = (tokens: Tokens, at: number): { readonly end: number; readonly link?: Link } => {
  let written = tokens[at]?.text ?? ''
  let obfuscated = hiddenSchemes.has(schemeBefore(tokens, at))
  let end = at + 1
  for (let dot = dotAt(tokens, end); dot.length > 0; dot = dotAt(tokens, end)) {
    const next = tokens[end + dot.length]
    if (next?.kind !== 'label') break
    if (written.length + next.text.length < longestHost) written += `.${next.text}`
    obfuscated ||= dot.hidden
    end += dot.length + 1
  }
  const isUserInfo = tokens[end]?.text === '@' && schemes.has(schemeBefore(tokens, at))
  const host = isUserInfo ? undefined : namedHost(written)
  return { end, ...(host !== undefined && { link: { host, obfuscated } }) }
}

const found = (addressed: Addressed | undefined, obfuscated: boolean): Found | undefined =>
  addressed && { ...addressed, obfuscated }

const pathBegins = new Set(['/', '\\', '?', '#'])

/** What follows a slash is the path of the link, and no other one. */
const behindPath = (tokens: Tokens, at: number): number => {
  let end = at
  if (pathBegins.has(tokens[end]?.text ?? '')) while (end < tokens.length && tokens[end]?.kind !== 'space') end++
  return end
}

/**
 * The links of a text: with a scheme or without (a host counts when it ends with a public suffix of ICANN's part of the
 * list, or is an address; behind a scheme any name does), hidden ones too. One pass over the text, and two over its
 * tokens: what stands behind a scheme may be looked at once more.
 */
export const linksOf = (text: string): FoundLinks => {
  if (!mayHoldLink.test(text)) return { links: [], steps: text.length }
  const clean = text.normalize('NFKC').replace(unseen, '').replace(dots, '.').toLowerCase()
  const tokens = tokensOf(clean)
  const links: Link[] = []
  let steps = text.length + clean.length + 2 * tokens.length
  let at = 0
  while (at < tokens.length && links.length < mostLinks) {
    const { text: here = '', kind } = tokens[at] ?? {}
    const direct = schemes.has(here)
      ? found(addressedBy(tokens, at), hiddenSchemes.has(here))
      : found(bracketedAt(tokens, at), false)
    const { end, link } = direct
      ? { end: direct.end, link: direct }
      : kind === 'label'
        ? dotted(tokens, at)
        : { end: at + 1 }
    if (link) links.push({ host: link.host, obfuscated: link.obfuscated })
    const next = link ? behindPath(tokens, end) : end
    steps += next - at
    at = next
  }
  return { links, steps }
}
