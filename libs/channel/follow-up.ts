import { createHash } from 'node:crypto'

/**
 * The id of a command that follows from another one within the same request: of its time, and always the same, so that a
 * request that comes again is decided once. UUIDv7 (RFC 9562, section 5.7).
 */
export const followUpId = (commandId: string, index: number): string => {
  const hash = createHash('sha256').update(`${commandId} ${index}`).digest('hex')
  const variant = '89ab'.charAt(Number.parseInt(hash.charAt(3), 16) % 4)
  return `${commandId.slice(0, 14)}7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`
}

/** The id of what a nuke is followed by, for messages that came between its search and its decision. */
export const sweepOf = (nukeId: string): string => followUpId(nukeId, 1)
