import { maxParams } from './message.ts'
import { formatTags } from './tags.ts'

/** A message as it is to be written. */
export type Outgoing = {
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly source?: string
  readonly command: string
  /** Parameters that are one word each. */
  readonly params?: readonly string[]
  /** The last parameter, behind a colon: any text. What would end the line in it becomes a space. */
  readonly trailing?: string
}

/** Something that can stand in no line: a mistake of whoever made the message, never of a person's text. */
export class IrcFormatError extends Error {
  override readonly name = 'IrcFormatError'
  readonly code = 'irc.unformattable'
}

const keyPattern = /^\+?(?:[A-Za-z0-9.-]+\/)?[A-Za-z0-9-]+$/
const commandPattern = /^(?:[A-Z]+|[0-9]{3})$/
const wordPattern = /^[^\0\r\n ]+$/
const ends = /[\0\r\n]/g

const checked = (text: string, pattern: RegExp, what: string): string => {
  if (pattern.test(text)) return text
  throw new IrcFormatError(`${JSON.stringify(text)} cannot be ${what}`)
}

const middle = (param: string): string => {
  if (param.startsWith(':')) throw new IrcFormatError(`${JSON.stringify(param)} cannot be a parameter of one word`)
  return checked(param, wordPattern, 'a parameter of one word')
}

/**
 * One line without its end. Whatever it is given, what it returns is one line: nothing that ends a line gets through.
 * @throws IrcFormatError
 * @example formatMessage({ source: 'ada!ada@host', command: 'PRIVMSG', params: ['#lobby'], trailing: 'Hello, lobby' })
 */
export const formatMessage = ({ tags, source, command, params = [], trailing }: Outgoing): string => {
  if (params.length + (trailing === undefined ? 0 : 1) > maxParams) throw new IrcFormatError('too many parameters')
  const entries = Object.entries(tags ?? {})
  for (const [key] of entries) checked(key, keyPattern, 'the key of a tag')
  const words = [
    ...(entries.length > 0 ? [`@${formatTags(entries)}`] : []),
    ...(source === undefined ? [] : [`:${checked(source, wordPattern, 'a source')}`]),
    checked(command, commandPattern, 'a command'),
    ...params.map(middle),
    ...(trailing === undefined ? [] : [`:${trailing.replace(ends, ' ')}`]),
  ]
  return words.join(' ')
}
