import { type AddressBits, addressBits, addressText, widthOf } from './bits.ts'

/** Addresses that begin alike: one, or a CIDR block. */
export type AddressRange = AddressBits & {
  /** How many of its bits are fixed. */
  readonly prefix: number
}

/** One subscriber has all of a /64 (RFC 6177), so that nothing smaller of IPv6 is told apart. */
const SUBSCRIBER = 64

/** Of a whole continent nobody is locked out by a typing error. */
const widest = { 4: 8, 6: 16 } as const

/** The range of that length in which an address lies. */
export const rangeAround = ({ version, value }: AddressBits, prefix: number): AddressRange => {
  const free = BigInt(widthOf(version) - prefix)
  return { version, value: (value >> free) << free, prefix }
}

/** The network of an address: its /24, or of IPv6 its /64. */
export const networkOf = (address: AddressBits): AddressRange =>
  rangeAround(address, address.version === 4 ? 24 : SUBSCRIBER)

/**
 * Reads an address or a CIDR block; of IPv6 what is smaller than a /64 is taken as its /64.
 * @returns undefined where the text is neither, or the block is wider than /8 (IPv6: /16)
 */
export const parseRange = (text: string): AddressRange | undefined => {
  const [, address = '', length] = /^([^/]{2,45})(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  const bits = addressBits(address)
  if (!bits) return undefined
  const width = widthOf(bits.version)
  const given = length === undefined ? width : Number(length)
  if (given > width || given < widest[bits.version]) return undefined
  return rangeAround(bits, bits.version === 6 ? Math.min(given, SUBSCRIBER) : given)
}

/** A range in one spelling of all; a single address without its length. */
export const rangeText = (range: AddressRange): string =>
  range.prefix === widthOf(range.version) ? addressText(range) : `${addressText(range)}/${range.prefix}`
