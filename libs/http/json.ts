import { HttpProblem } from './problem.ts'

const deepest = 32

const malformed = (message: string): HttpProblem => new HttpProblem('http.malformed_json', { message })

/**
 * Parses JSON that every parser reads alike (I-JSON, RFC 7493): UTF-8, no member name twice in an object, no lone
 * surrogates, at most 32 levels. Throws `http.malformed_json` with what is wrong, never with the text itself.
 */
export const parseStrictJson = (bytes: Uint8Array): unknown => {
  const text = decode(bytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed('not valid JSON')
  }
  checkStrictJson(text)
  return value
}

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed('not valid UTF-8')
  }
}

const string = /"[^"\\]*(?:\\.[^"\\]*)*"/y
const beforeColon = /\s*:/y

/** Walks text that JSON.parse has taken, and throws `http.malformed_json` for what it lets through besides I-JSON. */
export const checkStrictJson = (text: string): void => {
  const names: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        names.push(text[at] === '{' ? new Set() : undefined)
        if (names.length > deepest) throw malformed(`nested deeper than ${deepest}`)
        break
      case '}':
      case ']':
        names.pop()
        break
      case '"':
        at = scanString(text, at, names.at(-1))
    }
  }
}

/** @returns the index of the closing quote. */
const scanString = (text: string, at: number, names: Set<string> | undefined): number => {
  string.lastIndex = at
  const token = string.exec(text)?.[0] ?? ''
  const end = at + token.length
  const value: string = JSON.parse(token)
  if (!value.isWellFormed()) throw malformed('a string holds a lone surrogate')
  beforeColon.lastIndex = end
  if (names && beforeColon.test(text)) {
    if (names.has(value)) throw malformed('an object has a member name twice')
    names.add(value)
  }
  return end - 1
}
