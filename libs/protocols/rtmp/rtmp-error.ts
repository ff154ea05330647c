/** What a peer sent that is no RTMP, or more of it than is taken. The connection ends with it. */
export type RtmpErrorCode =
  | 'rtmp.bad_version'
  | 'rtmp.bad_chunk'
  | 'rtmp.bad_amf'
  | 'rtmp.bad_command'
  | 'rtmp.bad_aggregate'
  | 'rtmp.too_many_chunk_streams'
  | 'rtmp.message_too_long'
  | 'rtmp.out_of_turn'
  | 'rtmp.too_late'

export class RtmpError extends Error {
  readonly code: RtmpErrorCode

  constructor(code: RtmpErrorCode, message: string) {
    super(message)
    this.name = 'RtmpError'
    this.code = code
  }
}
