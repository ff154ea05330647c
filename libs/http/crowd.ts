import { addressBlock } from './address.ts'

/** Counts what is held, requests under way say, of all and of each address. */
export type Crowd = {
  /**
   * Whether the newcomer is one too many for the server, or for its address. Counted in either case, until `leave`.
   * @param amount how much it holds, 1 by default
   */
  readonly enter: (address: string, amount?: number) => 'fits' | 'full' | 'address full'
  readonly leave: (address: string, amount?: number) => void
}

/** However slowly one address sends its bodies, it does not hold what all others have to share. */
export const createCrowd = (most: number, mostOfAddress: number): Crowd => {
  const ofBlock = new Map<string, number>()
  let all = 0
  return {
    enter: (address, amount = 1) => {
      const block = addressBlock(address)
      const held = (ofBlock.get(block) ?? 0) + amount
      ofBlock.set(block, held)
      all += amount
      if (held > mostOfAddress) return 'address full'
      return all > most ? 'full' : 'fits'
    },
    leave: (address, amount = 1) => {
      const block = addressBlock(address)
      const held = (ofBlock.get(block) ?? 0) - amount
      if (held > 0) ofBlock.set(block, held)
      else ofBlock.delete(block)
      all -= amount
    },
  }
}
