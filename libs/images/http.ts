import { HttpProblem } from '#libs/http/problem.ts'
import { ObjectStoreError } from '#libs/journal/objects.ts'
import { ImageRefused } from './errors.ts'
import { imageTypes } from './format.ts'

/** Media types of pictures that routes take. What a picture really is its bytes say. */
export const uploadTypes: readonly string[] = Object.values(imageTypes)

/** What a route that takes a picture is documented to refuse it with. */
export const uploadErrors = [
  'image.format_unknown',
  'image.too_large',
  'image.too_small',
  'image.shape',
  'image.broken',
  'image.busy',
] as const

/** The answers of a route that serves one. */
export const pictureResponses = {
  200: {
    description: 'The picture',
    bytes: 'image/webp',
    headers: { 'Cache-Control': 'For how long it may be kept: what a name stands for never changes' },
  },
} as const

/** Throws as a problem why a picture is not taken, or that the object store is away. */
export const asProblem = (error: unknown): never => {
  if (error instanceof ImageRefused) throw new HttpProblem(error.code, { detail: error.detail, cause: error })
  if (error instanceof ObjectStoreError) throw new HttpProblem('platform.unavailable', { cause: error })
  throw error
}

/** A picture for whoever asks and nobody else. */
export const privatePicture = (bytes: Buffer | undefined) => {
  if (!bytes) throw new HttpProblem('http.not_found')
  return { status: 200, headers: { 'Cache-Control': 'private, no-store' }, body: bytes } as const
}

/** A picture as it is served: pages of any origin may show it, and it is never asked for again while it is kept. */
export const pictureReply = (bytes: Buffer | undefined, maxAgeSeconds: number) => {
  if (!bytes) throw new HttpProblem('http.not_found')
  return {
    status: 200,
    headers: {
      'Cache-Control': `public, max-age=${maxAgeSeconds}, immutable`,
      'Cross-Origin-Resource-Policy': 'cross-origin',
    },
    body: bytes,
  } as const
}
