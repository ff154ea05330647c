import { crc32 } from 'node:zlib'
import sharp from 'sharp'

type Colour = { readonly r: number; readonly g: number; readonly b: number }
const red: Colour = { r: 220, g: 30, b: 30 }

/** A picture of one colour. */
export const picture = (
  format: 'png' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'tiff',
  width = 64,
  height = 64,
  background = red,
): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .toFormat(format)
    .toBuffer()

/** A picture of frames that differ, each of which is seen for so long. */
export const movingPicture = async (format: 'gif' | 'webp', frames: number, delayMs = 100): Promise<Buffer> => {
  const size = { width: 40, height: 20 }
  const each = Array.from({ length: frames }, (_, index) =>
    sharp({ create: { ...size, channels: 3, background: { r: (index * 37) % 256, g: index % 256, b: 90 } } })
      .png()
      .toBuffer(),
  )
  const joined = sharp(await Promise.all(each), { join: { animated: true } })
  const delay = Array.from({ length: frames }, () => delayMs)
  return format === 'gif' ? joined.gif({ delay }).toBuffer() : joined.webp({ delay }).toBuffer()
}

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A picture with a note in it (PNG, 11.3.4.3), as cameras and editors leave them. */
export const notedPng = async (note: string): Promise<Buffer> => {
  const png = await picture('png')
  const header = 8 + 25
  return Buffer.concat([png.subarray(0, header), chunk('tEXt', Buffer.from(`Comment\0${note}`)), png.subarray(header)])
}

/** A file of a few bytes that says of itself that it is as large as this. */
export const claimedPng = (width: number, height: number): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', Buffer.from('789c6300000001000100', 'hex')),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A PNG with words in it that are no part of what it shows. */
export const pngWithText = async (text: string): Promise<Buffer> => {
  const plain = await picture('png')
  const end = plain.length - 12
  return Buffer.concat([plain.subarray(0, end), chunk('tEXt', Buffer.from(`Comment\0${text}`)), plain.subarray(end)])
}
