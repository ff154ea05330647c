import { createHash } from 'node:crypto'
import type { Metadata } from 'sharp'
import { ImageRefused } from './errors.ts'
import { formatOf } from './format.ts'
import type { ImageBounds, ImagePlan } from './plan.ts'

/** A picture in one size, encoded anew as WebP: nothing of the file that was sent is in it but what it shows. */
export type Rendition = {
  readonly name: string
  readonly bytes: Buffer
  readonly width: number
  readonly height: number
}

export type Rendered = {
  /** SHA-256 of what was made, in hex: the same for the same renditions. */
  readonly key: string
  readonly moving: boolean
  /** Of the smallest rendition. */
  readonly width: number
  readonly height: number
  readonly renditions: readonly Rendition[]
}

/** Seconds that one rendition may take. */
const mostSeconds = 5

const load = async () => {
  const { default: sharp } = await import('sharp')
  // One thread for one picture; what was decoded is not kept. Of all that libvips could read only these are left.
  sharp.concurrency(1)
  sharp.cache(false)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: [
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadNsgifBuffer',
      'VipsForeignLoadWebpBuffer',
      'VipsForeignLoadHeifBuffer',
    ],
  })
  return sharp
}

let loading: ReturnType<typeof load> | undefined

/** Loaded with the first picture: it takes 11 MiB. */
const library = (): ReturnType<typeof load> => {
  loading ??= load()
  return loading
}

/** @param mostPixels `false` where nothing is decoded */
const opened = async (bytes: Buffer, mostPixels: number | false, moving: boolean) =>
  (await library())(bytes, { animated: moving, limitInputPixels: mostPixels, failOn: 'error' })

/** What sharp says is wrong is about bytes that a stranger made: the caller is told only that they cannot be read. */
const broken = (cause: unknown) => new ImageRefused('image.broken', {}, { cause })

const tooLarge = (field: string, max: number) => new ImageRefused('image.too_large', { field, max })

/** Of a picture without frames it is one frame. */
const measured = ({ width, height, pages = 1, pageHeight, delay = [] }: Metadata) => ({
  width,
  height: pageHeight ?? height,
  frames: pages,
  durationMs: pages > 1 ? delay.reduce((sum, each) => sum + each, 0) : 0,
})

/** Throws `ImageRefused` where a measure is out of its bound; by what the file says of itself, nothing is decoded yet. */
const check = (metadata: Metadata, bounds: ImageBounds): void => {
  const { width, height, frames, durationMs } = measured(metadata)
  if (width * height > bounds.pixels) throw tooLarge('pixels', bounds.pixels)
  if (frames > bounds.frames) throw tooLarge('frames', bounds.frames)
  if (width * height * frames > bounds.allPixels) throw tooLarge('allPixels', bounds.allPixels)
  if (durationMs > bounds.durationMs) throw tooLarge('durationMs', bounds.durationMs)
  if (Math.min(width, height) < bounds.side) throw new ImageRefused('image.too_small', { min: bounds.side })
  if (Math.max(width, height) > bounds.aspect * Math.min(width, height))
    throw new ImageRefused('image.shape', { max: bounds.aspect })
}

const rendition = async (
  bytes: Buffer,
  { bounds, square, fitted }: ImagePlan,
  [name, height]: readonly [name: string, height: number],
  moving: boolean,
) => {
  const picture = await opened(bytes, bounds.allPixels, moving)
  const { data, info } = await picture
    .autoOrient()
    .resize({
      height,
      ...(square && { width: height, fit: 'cover' }),
      ...(fitted && { width: height, fit: 'inside', withoutEnlargement: true }),
    })
    .webp({ quality: 85, effort: 4 })
    .timeout({ seconds: mostSeconds })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw broken(error)
    })
  return { name, bytes: data, width: info.width, height: fitted ? info.height : height }
}

/**
 * Decodes a picture to its end and encodes it anew in every size of the plan.
 * @throws ImageRefused
 */
export const render = async (bytes: Buffer, plan: ImagePlan): Promise<Rendered> => {
  const { bounds } = plan
  if (bytes.length > bounds.bytes) throw tooLarge('bytes', bounds.bytes)
  if (formatOf(bytes) === undefined) throw new ImageRefused('image.format_unknown')
  // All frames are counted, also of what will stand still.
  const picture = await opened(bytes, false, true)
  const metadata = await picture.metadata().catch((error: unknown) => {
    throw broken(error)
  })
  check(metadata, bounds)
  const moving = plan.moving && (metadata.pages ?? 1) > 1
  const made = []
  for (const size of Object.entries(plan.heights)) {
    made.push(await rendition(bytes, plan, size, moving))
    if (moving) made.push(await rendition(bytes, plan, [`${size[0]}-still`, size[1]], false))
  }
  const [{ width, height } = { width: 0, height: 0 }] = made
  const hash = createHash('sha256')
  for (const each of made) hash.update(`${each.name} ${each.bytes.length} `).update(each.bytes)
  return {
    key: hash.digest('hex'),
    moving,
    width,
    height,
    renditions: made,
  }
}
