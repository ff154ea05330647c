import { addressBlock } from './address.ts'

/** Counts requests under way, of all and of each address. */
export type Crowd = {
  /** Whether the newcomer is one too many for the server, or for its address. Counted in either case, until `leave`. */
  readonly enter: (address: string) => 'fits' | 'full' | 'address full'
  readonly leave: (address: string) => void
}

/** However slowly one address sends its bodies, it does not hold what all others have to share. */
export const createCrowd = (most: number, mostOfAddress: number): Crowd => {
  const ofBlock = new Map<string, number>()
  let all = 0
  return {
    enter: (address) => {
      const block = addressBlock(address)
      const count = (ofBlock.get(block) ?? 0) + 1
      ofBlock.set(block, count)
      all++
      if (count > mostOfAddress) return 'address full'
      return all > most ? 'full' : 'fits'
    },
    leave: (address) => {
      const block = addressBlock(address)
      const count = (ofBlock.get(block) ?? 0) - 1
      if (count > 0) ofBlock.set(block, count)
      else ofBlock.delete(block)
      all--
    },
  }
}
