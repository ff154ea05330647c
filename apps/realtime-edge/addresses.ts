import { limits } from './limits.ts'

/** How many live connections each client address has, over every protocol. */
export type AddressCounts = {
  readonly isFull: (address: string) => boolean
  readonly add: (address: string) => void
  readonly remove: (address: string) => void
}

export const createAddressCounts = (): AddressCounts => {
  const counts = new Map<string, number>()
  const count = (address: string, by: number): void => {
    const after = (counts.get(address) ?? 0) + by
    if (after > 0) counts.set(address, after)
    else counts.delete(address)
  }
  return {
    isFull: (address) => (counts.get(address) ?? 0) >= limits.connectionsPerAddress,
    add: (address) => count(address, 1),
    remove: (address) => count(address, -1),
  }
}
