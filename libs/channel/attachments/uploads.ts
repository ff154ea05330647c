import { timingSafeEqual } from 'node:crypto'
import { uuidv7Time } from '#libs/journal/ids.ts'
import type { Hashes } from '#libs/vault/vault.ts'
import { type Attachment, decodeAttachment, encodeAttachment } from './attachments.ts'

/** How long after it was sent in a picture may be posted. */
const POSTED_WITHIN_MS = 3_600_000

type Whose = { readonly accountId: string; readonly channelId: string }

type Signing = Pick<Hashes, 'attachment'>

const signature = (hashes: Signing, { accountId, channelId }: Whose, text: string): string =>
  hashes.attachment(`${accountId} ${channelId} ${text}`)

/**
 * What an upload is answered with. It says of itself whose picture it is and for which channel, by a signature: an edge
 * that takes a post asks nobody.
 */
export const uploadToken = (hashes: Signing, whose: Whose, attachment: Attachment): string => {
  const text = encodeAttachment(attachment)
  return `${text}.${signature(hashes, whose, text)}`
}

const isSame = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** What the edge finds of the uploads that a post names, as a fact of the command. */
export type AttachmentsFact = (whose: Whose, tokens: readonly string[] | undefined) => string | undefined

/** Undefined where there is none, or one is not this account's, for this channel and within the hour. */
export const attachmentsFact =
  (hashes: Signing, now: () => number): AttachmentsFact =>
  (whose, tokens = []) => {
    const proven = tokens.flatMap((token) => {
      const [text = '', signed = ''] = token.split('.')
      const attachment = decodeAttachment(text)
      if (!attachment || !isSame(signed, signature(hashes, whose, text))) return []
      return now() - uuidv7Time(attachment.id) <= POSTED_WITHIN_MS ? [text] : []
    })
    return proven.length > 0 && proven.length === tokens.length ? proven.join(' ') : undefined
  }
