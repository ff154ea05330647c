/** A picture shown with a message; sides in pixels, of the full one. */
export type Attachment = { readonly id: string; readonly width: number; readonly height: number }

/** So many pictures a message shows at most. */
export const maxAttachments = 4

/** In so many pixels each way, at most, they are served. */
export const attachmentSizes = ['thumb', 'full'] as const

/** As events and facts have it: `id:widthxheight`. */
export const encodeAttachment = ({ id, width, height }: Attachment): string => `${id}:${width}x${height}`

const form = /^([0-9a-f-]{36}):([1-9][0-9]{0,4})x([1-9][0-9]{0,4})$/

/** The other way round; undefined of what is not of that form. */
export const decodeAttachment = (text: string): Attachment | undefined => {
  const [, id, width, height] = form.exec(text) ?? []
  return id === undefined ? undefined : { id, width: Number(width), height: Number(height) }
}

/** Those of an event, or of a row made of it. */
export const decodeAttachments = (texts: readonly string[] | null | undefined): Attachment[] =>
  (texts ?? []).flatMap((text) => decodeAttachment(text) ?? [])
