import { resolve } from 'node:path'
import { z } from 'zod'

/** Types of settings: each reads the text of an environment variable or a flag. */

export const text = z.string().trim()

export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
)

export const flag = z
  .enum(['true', 'false', '1', '0', ''], { error: 'must be true or false' })
  .transform((value) => value === 'true' || value === '1')

export const integer = (from: number, to: number) =>
  z
    .string()
    .trim()
    .regex(/^\d+$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `must be a whole number from ${from} to ${to}`)

export const port = integer(1, 65_535)

/** A port, or 0 where nothing is to listen. */
export const portOrNone = integer(0, 65_535)

/** `host:port`, an address of IPv6 in brackets. */
export const hostAndPort = text.refine((value) => {
  const [, port] = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):(\d{1,5})$/.exec(value) ?? []
  return Number(port) >= 1 && Number(port) <= 65_535
}, 'must be host:port')

export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` })

/** A path, absolute from here on. */
export const path = text.transform((value) => resolve(value))

/** A path, absolute from here on, or `s3://bucket/prefix`; bucket and prefix in the characters that need no quoting. */
export const folderOrS3 = text.transform((value, context): string => {
  if (!value.startsWith('s3://')) return resolve(value)
  if (/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9_=-][A-Za-z0-9_=.-]*)*\/?$/.test(value))
    return value.replace(/\/$/, '')
  context.addIssue('must be a folder, or a bucket as s3://bucket/prefix')
  return z.NEVER
})

const sizes = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const
const isSize = (unit: string): unit is keyof typeof sizes => Object.hasOwn(sizes, unit)

/** `512MiB`, `2GiB` or plain bytes. */
export const bytes = text.transform((value, context): number => {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(\w*)$/.exec(value) ?? []
  const factor = unit === '' ? 1 : unit !== undefined && isSize(unit) ? sizes[unit] : undefined
  if (amount !== undefined && factor !== undefined) return Math.round(Number(amount) * factor)
  context.addIssue(`must be a size: bytes, or a number with one of ${Object.keys(sizes).join(', ')}`)
  return z.NEVER
})

/** An address with one of the schemes, without the slash at its end. */
export const url = (...schemes: readonly string[]) =>
  text
    .refine(
      (value) => schemes.some((scheme) => value.startsWith(`${scheme}://`)) && URL.canParse(value),
      `must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    )
    .transform((value) => value.replace(/\/$/, ''))
