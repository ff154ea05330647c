import { codePoints, isBlank, isDisfigured, isLine } from '#libs/contracts/text.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'

/** Code points of a message: at most 2 KiB of UTF-8, well within the 4 KiB that a frame carries. */
export const maxTextLength = 512
export const maxTopicLength = 256
export const maxReasonLength = 512

/** A message: one line in which there is something to see, or pictures beside it. */
export const unfitText = (text: string, isWithPictures = false): Rejection | undefined =>
  unfitLine('text', text, maxTextLength) ??
  (isBlank(text) && !isWithPictures ? reject('channel.text_blank') : undefined)

/** A topic may be empty, which takes it away. */
export const unfitTopic = (topic: string | null): Rejection | undefined =>
  topic === null ? undefined : unfitLine('topic', topic, maxTopicLength)

export const unfitReason = (reason: string | null): Rejection | undefined =>
  reason === null ? undefined : unfitLine('reason', reason, maxReasonLength)

/** Of a field of one line. Length first, and by code units where that settles it: a long text is never searched. */
export const unfitLine = (field: string, text: string, max: number): Rejection | undefined => {
  if (text.length > 2 * max || codePoints(text) > max) return reject('channel.text_too_long', { field, max })
  return isLine(text) && !isDisfigured(text) ? undefined : reject('channel.text_invalid', { field })
}
