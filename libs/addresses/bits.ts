import { isIP } from 'node:net'

/** An address as a number, so that what it begins with can be compared. */
export type AddressBits = { readonly version: 4 | 6; readonly value: bigint }

export const widthOf = (version: 4 | 6): number => (version === 4 ? 32 : 128)

const fourOf = (text: string): bigint =>
  text.split('.').reduce((value, part) => (value << 8n) | BigInt(Number(part)), 0n)

/** The last 32 bits of an IPv6 address may be written as an IPv4 one (RFC 4291, 2.2). */
const withoutDots = (text: string): string => {
  const four = /(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1]
  if (four === undefined) return text
  const value = fourOf(four)
  return `${text.slice(0, -four.length)}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`
}

const groupsOf = (text: string): readonly string[] => {
  const [head = '', tail] = text.split('::')
  const left = head === '' ? [] : head.split(':')
  if (tail === undefined) return left
  const right = tail === '' ? [] : tail.split(':')
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
}

const mapped = 0xffffn

/** Undefined where the text is no address. An IPv4 address that is written as an IPv6 one (`::ffff:192.0.2.1`) is one. */
export const addressBits = (text: string): AddressBits | undefined => {
  const [address = ''] = text.split('%')
  switch (isIP(address)) {
    case 4:
      return { version: 4, value: fourOf(address) }
    case 6: {
      const groups = groupsOf(withoutDots(address))
      const value = groups.reduce((bits, group) => (bits << 16n) | BigInt(Number.parseInt(group, 16)), 0n)
      return value >> 32n === mapped ? { version: 4, value: value & 0xffff_ffffn } : { version: 6, value }
    }
    default:
      return undefined
  }
}

/** The address in one spelling of all: dotted, or eight groups without leading zeros, `::` for none. */
export const addressText = ({ version, value }: AddressBits): string => {
  const [groups, bits, radix] = version === 4 ? [4, 8n, 10] : [8, 16n, 16]
  const parts = Array.from({ length: groups }, (_, index) =>
    ((value >> (BigInt(groups - 1 - index) * bits)) & ((1n << bits) - 1n)).toString(radix),
  )
  return parts.join(version === 4 ? '.' : ':')
}
