import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { AccessTokenKind } from './vault.ts'

/**
 * How a token begins shows what it is, to people and to scanners of code. Clients of older bots take letters and digits
 * alone as a login key, so that one has no underscore.
 */
const prefixes = { personal: 'whp_', bot: 'whb_', login_key: 'whk' } as const satisfies Record<AccessTokenKind, string>

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_BYTES = 32
/** As many digits as 256 bits, and as 32, take at most in base 62. */
const SECRET_DIGITS = 43
const CHECKSUM_DIGITS = 6

const inBase62 = (value: bigint, width: number): string => {
  let text = ''
  for (let left = value; left > 0n; left /= 62n) text = digits[Number(left % 62n)] + text
  return text.padStart(width, '0')
}

const checksumOf = (text: string): string => inBase62(BigInt(crc32(text)), CHECKSUM_DIGITS)

/** 256 random bits in letters and digits, behind the prefix of their kind and before a CRC-32 of both. */
export const newTokenText = (kind: AccessTokenKind): string => {
  const secret = inBase62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_DIGITS)
  const text = prefixes[kind] + secret
  return text + checksumOf(text)
}

const form = new RegExp(
  `^(?:${Object.values(prefixes).join('|')})[0-9A-Za-z]{${SECRET_DIGITS}}[0-9A-Za-z]{${CHECKSUM_DIGITS}}$`,
)

/** What kind of token a text could be; undefined where it is none, which its checksum tells without a look anywhere. */
export const tokenKindOf = (text: string): AccessTokenKind | undefined => {
  if (!form.test(text)) return undefined
  const checked = text.slice(0, -CHECKSUM_DIGITS)
  if (checksumOf(checked) !== text.slice(-CHECKSUM_DIGITS)) return undefined
  return (Object.keys(prefixes) as AccessTokenKind[]).find((kind) => text.startsWith(prefixes[kind]))
}
