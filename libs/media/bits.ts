import { MediaError } from './media-error.ts'

/** Reads bits from the highest on. Reading beyond the end throws {@link MediaError}. */
export type BitReader = {
  readonly bits: (count: number) => number
  /** Exp-Golomb codes (ITU-T H.264, section 9.1). */
  readonly ue: () => number
  readonly se: () => number
}

export const bitReader = (bytes: Uint8Array): BitReader => {
  let at = 0
  const bit = (): number => {
    const byte = bytes[at >> 3]
    if (byte === undefined) throw new MediaError('media.malformed', 'a header ends too soon')
    return (byte >> (7 - (at++ & 7))) & 1
  }
  const bits = (count: number): number => {
    let value = 0
    for (let index = 0; index < count; index++) value = value * 2 + bit()
    return value
  }
  const ue = (): number => {
    let zeros = 0
    while (bit() === 0) {
      zeros++
      if (zeros > 31) throw new MediaError('media.malformed', 'a number in a header is too long')
    }
    return 2 ** zeros - 1 + bits(zeros)
  }
  return {
    bits,
    ue,
    se: () => {
      const code = ue()
      return code % 2 === 1 ? (code + 1) / 2 : -code / 2
    },
  }
}
