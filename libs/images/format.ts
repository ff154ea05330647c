/** Kinds of pictures that are taken, with their media types. */
export const imageTypes = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
} as const

export type ImageFormat = keyof typeof imageTypes

const textAt = (bytes: Uint8Array, from: number, length: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, from + length)

/**
 * What the first bytes say (WHATWG MIME Sniffing, section 6.1; of AVIF the brands of ISO 14496-12, section 4.3), whatever
 * a name or a header says. Undefined for everything else: documents that a library could draw as pictures are not taken.
 */
export const formatOf = (bytes: Uint8Array): ImageFormat | undefined => {
  if (textAt(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (textAt(bytes, 0, 3) === '\xff\xd8\xff') return 'jpeg'
  if (/^GIF8[79]a$/.test(textAt(bytes, 0, 6))) return 'gif'
  if (textAt(bytes, 0, 4) === 'RIFF' && textAt(bytes, 8, 4) === 'WEBP') return 'webp'
  if (textAt(bytes, 4, 4) === 'ftyp' && /^avi[fs]$/.test(textAt(bytes, 8, 4))) return 'avif'
  return undefined
}
