import { type IrcMessage, type LineLimits, maxParams, type Tags } from './message.ts'
import { parseTags } from './tags.ts'

/** Why a line is no message: nothing in it, not of the grammar, or longer than allowed. */
export type ParseFailure = 'empty' | 'malformed' | 'too_long'

export type ParsedMessage =
  | { readonly ok: true; readonly message: IrcMessage }
  | { readonly ok: false; readonly failure: ParseFailure }

const none: Tags = new Map()
const commandPattern = /^(?:[A-Za-z]+|[0-9]{3})$/
const forbidden = /[\0\r\n]/

const skipSpaces = (line: string, from: number): number => {
  let at = from
  while (line[at] === ' ') at++
  return at
}

/** The word that begins at `from`, and where what follows it begins. */
const wordAt = (line: string, from: number): { readonly word: string; readonly next: number } => {
  const space = line.indexOf(' ', from)
  const end = space < 0 ? line.length : space
  return { word: line.slice(from, end), next: skipSpaces(line, end) }
}

const paramsAt = (line: string, from: number): readonly string[] => {
  const params: string[] = []
  let at = from
  while (at < line.length) {
    const isLast = line[at] === ':' || params.length === maxParams - 1
    if (isLast) {
      params.push(line.slice(line[at] === ':' ? at + 1 : at))
      break
    }
    const { word, next } = wordAt(line, at)
    params.push(word)
    at = next
  }
  return params
}

const failed = (failure: ParseFailure): ParsedMessage => ({ ok: false, failure })

/** Reads one line without its end. Never throws. */
export const parseMessage = (line: string, limits: LineLimits): ParsedMessage => {
  if (forbidden.test(line)) return failed('malformed')
  let at = 0
  let tags = none
  if (line[0] === '@') {
    const { word, next } = wordAt(line, 0)
    if (Buffer.byteLength(word) + 1 > limits.tagsBytes) return failed('too_long')
    tags = parseTags(word.slice(1))
    at = next
  }
  if (Buffer.byteLength(line.slice(at)) + 2 > limits.bodyBytes) return failed('too_long')
  at = skipSpaces(line, at)
  if (at === line.length) return failed(line[0] === '@' ? 'malformed' : 'empty')
  let source: string | undefined
  if (line[at] === ':') {
    const { word, next } = wordAt(line, at)
    source = word.slice(1)
    at = next
  }
  const { word: command, next } = wordAt(line, at)
  if (!commandPattern.test(command) || source === '') return failed('malformed')
  return { ok: true, message: { tags, source, command: command.toUpperCase(), params: paramsAt(line, next) } }
}
