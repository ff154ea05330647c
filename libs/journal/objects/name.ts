import type { ByteRange } from '../objects.ts'

/** The name is not one that every object store keeps as it is. */
export class InvalidObjectName extends Error {
  readonly code = 'object.invalid_name'
}

/** No byte lies in the range. */
export class InvalidRange extends Error {
  readonly code = 'object.invalid_range'
}

/** @throws InvalidRange */
export const checkedRange = (range: ByteRange): ByteRange => {
  const { from, to } = range
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from < to) return range
  throw new InvalidRange(`not a range of bytes: ${from} to ${to}`)
}

const MAX_LENGTH = 512
const segment = /^[A-Za-z0-9_=-][A-Za-z0-9_=.-]{0,199}$/

const isPath = (segments: readonly string[]): boolean => segments.every((part) => segment.test(part))

const isName = (name: string): boolean => name.length <= MAX_LENGTH && isPath(name.split('/'))

/** Those of the names found in a store that can be an object's; others put the rest there. */
export const onlyNames = (found: readonly string[]): readonly string[] => found.filter(isName)

/**
 * Segments of letters, digits and `_ = . -`, none beginning with a dot, joined by `/`; at most 512 characters.
 * @throws InvalidObjectName
 */
export const checkedName = (name: string): string => {
  if (isName(name)) return name
  throw new InvalidObjectName(`not a name of an object: ${JSON.stringify(name)}`)
}

/** The beginning of a name, which may end within a segment or behind a `/`, or be empty. @throws InvalidObjectName */
export const checkedPrefix = (prefix: string): string => {
  const segments = prefix.split('/')
  const whole = segments.at(-1) === '' ? segments.slice(0, -1) : segments
  if (prefix === '' || (prefix.length <= MAX_LENGTH && isPath(whole))) return prefix
  throw new InvalidObjectName(`not the beginning of a name of an object: ${JSON.stringify(prefix)}`)
}
