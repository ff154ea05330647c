import { codePoints, isBlank, isDisfigured, isLine } from '#libs/contracts/text.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'

/** Code points, as of a message in a channel. */
export const maxTextLength = 512

/** One line in which there is something to see. Length first, and by code units where that settles it. */
export const unfitText = (text: string): Rejection | undefined => {
  if (text.length > 2 * maxTextLength || codePoints(text) > maxTextLength)
    return reject('conversation.text_too_long', { max: maxTextLength })
  if (!isLine(text) || isDisfigured(text)) return reject('conversation.text_invalid')
  return isBlank(text) ? reject('conversation.text_blank') : undefined
}
