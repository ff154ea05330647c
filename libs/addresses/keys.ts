import type { Hashes } from '#libs/vault/vault.ts'
import { addressBits, addressText } from './bits.ts'
import { networkOf, rangeText } from './range.ts'

/** What is kept of an address: HMACs by the vault's pepper, which are compared and never read back. */
export type AddressKeys = {
  /** Of the address itself. */
  readonly address: string
  /** Of its /24, or of IPv6 its /64. */
  readonly network: string
}

/** Undefined where the text is no address. */
export const addressKeys = (hashes: Pick<Hashes, 'compare'>, address: string): AddressKeys | undefined => {
  const bits = addressBits(address)
  return (
    bits && {
      address: hashes.compare('address', addressText(bits)),
      network: hashes.compare('address', rangeText(networkOf(bits))),
    }
  )
}
