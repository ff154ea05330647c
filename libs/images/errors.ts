import type { ErrorTable } from '#libs/http/problem.ts'

/** With what a picture is refused. */
export const imageErrors = {
  'image.format_unknown': {
    status: 415,
    title: 'The body is not a picture of a kind that is taken',
    remedy: 'Send PNG, JPEG, GIF, WebP or AVIF.',
  },
  'image.too_large': {
    status: 413,
    title: 'The picture is too large',
    remedy: 'Send one whose `field` is at most `max`.',
  },
  'image.too_small': {
    status: 422,
    title: 'The picture is too small',
    remedy: 'Send one of at least `min` pixels each way.',
  },
  'image.shape': {
    status: 422,
    title: 'The picture is too wide or too high for its other side',
    remedy: 'Send one whose sides are at most as `max` to 1.',
  },
  'image.broken': {
    status: 422,
    title: 'The picture cannot be read to its end',
    remedy: 'Save it anew with another program.',
  },
  'image.busy': {
    status: 503,
    title: 'Too many pictures wait to be read',
    remedy: 'Send it again after Retry-After.',
  },
} as const satisfies ErrorTable

export type ImageErrorCode = keyof typeof imageErrors

/** A picture that is not taken, and why. */
export class ImageRefused extends Error {
  readonly code: ImageErrorCode
  readonly detail: Readonly<Record<string, string | number>>

  constructor(code: ImageErrorCode, detail: Readonly<Record<string, string | number>> = {}, options?: ErrorOptions) {
    super(code, options)
    this.code = code
    this.detail = detail
  }
}
