import { parse } from 'tldts'

/** A link as it stands in a text. `host` is in lower case, without a dot at its end. */
export type Link = {
  readonly host: string
  /** Written so that people read it and programs do not: `example[dot]com`, `example . com`, `hxxps://`. */
  readonly obfuscated: boolean
}

/** What is written for a dot, in brackets of any kind, or between spaces where a well-known ending follows. */
const dotWords = new Set(['dot', 'd0t', 'punkt', 'punto', 'точка', '.'])
const openings = new Set(['(', '[', '{', '<'])
const closings: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }

/** A dot between spaces ends sentences too, so that only these make a link of it. */
const wellKnownEndings = new Set(['com', 'net', 'org', 'info', 'biz', 'gg', 'tv', 'io', 'ru', 'xyz', 'cc', 'gl', 'tk'])

const linkCharacter = /^[\p{L}\p{N}\p{M}_-]$/u
const ignorable = /\p{Default_Ignorable_Code_Point}/gu
/** Full stops of other scripts; IDNA (UTS 46) takes them for dots. */
const dots = /[\u3002\uff0e\uff61\u2024]/g
/** Schemes people write so that no program sees them. */
const hiddenSchemes = new Set(['hxxp', 'hxxps', 'h**p', 'hxtp', 'hxtps'])
const openSchemes = new Set(['http', 'https', 'ftp', 'ws', 'wss'])

const longestHost = 253
/** Of one text; what stands behind is not looked at, since so many links are enough for any verdict. */
const mostLinks = 32

type Token = { readonly text: string; readonly kind: 'label' | 'dot' | 'space' | 'sign' }

const isLabel = (char: string): boolean => {
  const code = char.charCodeAt(0)
  if (char.length === 1 && code < 128)
    return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 45 || code === 95
  return linkCharacter.test(char)
}

const tokensOf = (text: string): readonly Token[] => {
  const tokens: Token[] = []
  let label = ''
  const endLabel = () => {
    if (label !== '') tokens.push({ text: label, kind: 'label' })
    label = ''
  }
  for (const char of text) {
    if (isLabel(char)) label += char
    else {
      endLabel()
      tokens.push({ text: char, kind: char === '.' ? 'dot' : char === ' ' ? 'space' : 'sign' })
    }
  }
  endLabel()
  return tokens
}

/** How many tokens from there on stand for a dot within a link, and whether they hide it; 0 where none do. */
const dotAt = (tokens: readonly Token[], at: number): { readonly length: number; readonly hidden: boolean } => {
  const here = tokens[at]
  if (here?.kind === 'dot') {
    const isSpaced = tokens[at + 1]?.kind === 'space' && wellKnownEndings.has(tokens[at + 2]?.text ?? '')
    return isSpaced ? { length: 2, hidden: true } : { length: 1, hidden: false }
  }
  if (here?.kind === 'sign' && openings.has(here.text) && dotWords.has(tokens[at + 1]?.text ?? ''))
    return tokens[at + 2]?.text === closings[here.text] ? { length: 3, hidden: true } : { length: 0, hidden: false }
  if (here?.kind === 'space') {
    const inner = dotAtSpace(tokens, at + 1)
    if (inner > 0) return { length: inner + 1, hidden: true }
  }
  return { length: 0, hidden: false }
}

/** Behind a space: a dot (or the word for it, or one in brackets), perhaps a space, and then a well-known ending. */
const dotAtSpace = (tokens: readonly Token[], at: number): number => {
  const here = tokens[at]
  const bracketed =
    here?.kind === 'sign' &&
    openings.has(here.text) &&
    dotWords.has(tokens[at + 1]?.text ?? '') &&
    tokens[at + 2]?.text === closings[here.text]
  const length = bracketed ? 3 : here && dotWords.has(here.text) ? 1 : 0
  if (length === 0) return 0
  const spaced = tokens[at + length]?.kind === 'space' ? 1 : 0
  // The word alone needs spaces on both sides; otherwise it is a part of another.
  if (!bracketed && here?.kind === 'label' && spaced === 0) return 0
  const next = tokens[at + length + spaced]
  return next?.kind === 'label' && wellKnownEndings.has(next.text) ? length + spaced : 0
}

export type FoundLinks = { readonly links: readonly Link[]; readonly steps: number }

/**
 * The links of a text: with a scheme or without (a host counts when it ends with a public suffix of ICANN's part of the
 * list, or is an address), hidden ones too. One pass over the text, and one over its tokens.
 */
export const linksOf = (text: string): FoundLinks => {
  if (!mayHoldLink.test(text)) return { links: [], steps: text.length }
  const clean = text.normalize('NFKC').replace(ignorable, '').replace(dots, '.').toLowerCase()
  const tokens = tokensOf(clean)
  const links: Link[] = []
  let steps = text.length + clean.length + tokens.length
  let at = 0
  while (at < tokens.length && links.length < mostLinks) {
    const first = tokens[at]
    if (first?.kind !== 'label') {
      at++
      continue
    }
    let host = first.text
    let hidden = hiddenSchemes.has(schemeBefore(tokens, at))
    let end = at + 1
    for (let dot = dotAt(tokens, end); dot.length > 0; dot = dotAt(tokens, end)) {
      const next = tokens[end + dot.length]
      if (next?.kind !== 'label') break
      if (host.length + next.text.length < longestHost) host += `.${next.text}`
      hidden ||= dot.hidden
      end += dot.length + 1
    }
    steps += end - at
    const isUserInfo = tokens[end]?.text === '@' && openSchemes.has(schemeBefore(tokens, at))
    if (!isUserInfo && isHost(host, tokens, at)) {
      links.push({ host, obfuscated: hidden })
      // What follows a slash is the path of the link, and no other one.
      if (tokens[end]?.text === '/' || tokens[end]?.text === '?') {
        while (end < tokens.length && tokens[end]?.kind !== 'space') end++
        steps += end - at
      }
    }
    at = end
  }
  return { links, steps }
}

/** A text without any of these holds no link, which is seen at once. */
const mayHoldLink = /[.\u3002\uff0e\uff61\u2024:[({<]| (?:dot|d0t|punkt|punto|точка) /iu

/** The scheme that stands before a host, `://` behind it; empty where there is none. */
const schemeBefore = (tokens: readonly Token[], at: number): string => {
  if (tokens[at - 1]?.text !== '/' || tokens[at - 2]?.text !== '/' || tokens[at - 3]?.text !== ':') return ''
  return tokens[at - 4]?.text ?? ''
}

const isHost = (host: string, tokens: readonly Token[], at: number): boolean => {
  if (!host.includes('.')) return false
  // The part behind an at sign is an address of mail, unless a scheme stands before.
  const { isIp, isIcann, domainWithoutSuffix } = parse(host, { extractHostname: false })
  if (isIp) return tokens[at - 1]?.kind !== 'label'
  return isIcann === true && Boolean(domainWithoutSuffix)
}

/** A domain and those above it: what a list is asked for. */
export const domainsOf = (host: string): readonly string[] => {
  const labels = host.split('.')
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}
