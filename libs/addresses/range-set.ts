import { type AddressBits, addressBits } from './bits.ts'
import { type AddressRange, rangeAround, rangeText } from './range.ts'

/** Ranges that addresses are held against, each for as long as it holds. */
export type RangeSet = {
  /** `until` in milliseconds since 1970, null for good. The same range once more replaces itself. */
  readonly add: (range: AddressRange, until: number | null) => void
  readonly remove: (range: AddressRange) => void
  /** Whether the address lies in a range that holds now; what is no address lies in none. */
  readonly has: (address: string) => boolean
  readonly size: () => number
}

/** One look-up for each length that is among the ranges, however many there are. `now` is for tests. */
export const createRangeSet = (now: () => number = Date.now): RangeSet => {
  const untilOf = new Map<string, number>()
  /** How many ranges there are of each length: `4/24`. */
  const lengths = new Map<string, number>()

  const lengthOf = ({ version, prefix }: AddressRange): string => `${version}/${prefix}`
  const keyOf = (range: AddressRange): string => `${range.version} ${rangeText(range)}`

  const remove = (range: AddressRange): void => {
    if (!untilOf.delete(keyOf(range))) return
    const left = (lengths.get(lengthOf(range)) ?? 0) - 1
    if (left > 0) lengths.set(lengthOf(range), left)
    else lengths.delete(lengthOf(range))
  }

  const holds = (address: AddressBits, length: string): boolean => {
    const [version, prefix] = length.split('/').map(Number)
    if (version !== address.version || prefix === undefined) return false
    const range = rangeAround(address, prefix)
    const until = untilOf.get(keyOf(range))
    if (until === undefined) return false
    if (until > now()) return true
    remove(range)
    return false
  }

  return {
    add: (range, until) => {
      remove(range)
      untilOf.set(keyOf(range), until ?? Number.POSITIVE_INFINITY)
      lengths.set(lengthOf(range), (lengths.get(lengthOf(range)) ?? 0) + 1)
    },
    remove,
    has: (address) => {
      if (untilOf.size === 0) return false
      const bits = addressBits(address)
      return bits !== undefined && [...lengths.keys()].some((length) => holds(bits, length))
    },
    size: () => untilOf.size,
  }
}
