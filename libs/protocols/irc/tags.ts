import type { Tags } from './message.ts'

/** How a value is written (IRCv3 "Message Tags", escaping values). NUL has no way to be written, and is left out. */
const escapes: Readonly<Record<string, string>> = {
  ';': '\\:',
  ' ': '\\s',
  '\\': '\\\\',
  '\r': '\\r',
  '\n': '\\n',
  '\0': '',
}

const unescapes: Readonly<Record<string, string>> = { ':': ';', s: ' ', r: '\r', n: '\n' }

export const escapeTagValue = (value: string): string =>
  value.replace(/[; \\\r\n\0]/g, (character) => escapes[character] ?? '')

/** A backslash before any other character, or at the end, counts for nothing. */
export const unescapeTagValue = (value: string): string =>
  value.replace(/\\(.?)/gs, (_, character: string) => unescapes[character] ?? character)

/**
 * Reads what stands between `@` and the space. Keys are opaque, as the specification wants it; a tag without a value is
 * one with an empty value; of two with the same key the last counts.
 */
export const parseTags = (text: string): Tags => {
  const tags = new Map<string, string>()
  for (const tag of text.split(';')) {
    const equals = tag.indexOf('=')
    const key = equals < 0 ? tag : tag.slice(0, equals)
    if (key !== '') tags.set(key, equals < 0 ? '' : unescapeTagValue(tag.slice(equals + 1)))
  }
  return tags
}

/** Writes what stands between `@` and the space. Keys have been checked. */
export const formatTags = (tags: Iterable<readonly [string, string]>): string =>
  Array.from(tags, ([key, value]) => `${key}=${escapeTagValue(value)}`).join(';')
