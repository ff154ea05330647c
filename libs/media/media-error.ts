/** Media that cannot be read, or is of a kind that is not taken; the message is for the broadcaster. */
export type MediaErrorCode = 'media.malformed' | 'media.unsupported'

export class MediaError extends Error {
  readonly code: MediaErrorCode

  constructor(code: MediaErrorCode, message: string) {
    super(message)
    this.name = 'MediaError'
    this.code = code
  }
}
