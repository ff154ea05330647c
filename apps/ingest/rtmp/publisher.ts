import type { MediaError } from '#libs/media/media-error.ts'
import type { AmfObject } from '#libs/protocols/rtmp/amf-value.ts'
import type { RtmpError } from '#libs/protocols/rtmp/rtmp-error.ts'
import type { PublishRequest } from '#libs/protocols/rtmp/server-session.ts'

/** Why a publisher's media ended: it said so, its connection went, nothing came any more, or what came was no good. */
export type PublishEnd = 'unpublished' | 'closed' | 'silent' | 'refused' | 'stopped'

/** What came that is not taken. */
export type Refused = Pick<MediaError | RtmpError, 'code' | 'message'>

/**
 * Takes the media of one publisher, in order. What throws a MediaError ends the publisher, who is told its message; nothing
 * more is read from it while what was given out is not resolved.
 */
export type Intake = {
  readonly metadata: (values: AmfObject) => void
  readonly audio: (payload: Buffer, timeMs: number) => void | Promise<void>
  readonly video: (payload: Buffer, timeMs: number) => void | Promise<void>
  /** Once, whatever happens; of what was refused with what was no good. */
  readonly end: (why: PublishEnd, wrong?: Refused) => void
}

/** Whether somebody may publish: the intake of their media, or why not, in words for the broadcaster. */
export type Admission = { readonly intake: Intake } | { readonly refused: string }

/**
 * Asked once for each publisher, before it is told that it may begin; nothing is read from it meanwhile. `cut` ends the
 * publisher, as when a moderator stops the broadcast; a reason is told to it.
 */
export type Admit = (
  request: PublishRequest & { readonly address: string },
  cut: (reason: string) => void,
) => Promise<Admission>
