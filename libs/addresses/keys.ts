import type { Hashes } from '#libs/vault/vault.ts'
import { networkOf, parseRange, rangeText } from './range.ts'

/** What is kept of an address: HMACs by the vault's pepper, which are compared and never read back. */
export type AddressKeys = {
  /** Of the address itself; of IPv6 of its /64, since one subscriber has all of it. */
  readonly address: string
  /** Of its /24, or of IPv6 its /64. */
  readonly network: string
}

/** Undefined where the text is no address, nor the /64 that stands for one. */
export const addressKeys = (hashes: Pick<Hashes, 'compare'>, address: string): AddressKeys | undefined => {
  const range = parseRange(address)
  return (
    range && {
      address: hashes.compare('address', rangeText(range)),
      network: hashes.compare('address', rangeText(networkOf(range))),
    }
  )
}
