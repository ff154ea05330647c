import { boxesAt } from './read.ts'

/** What an init segment says of what is to be seen and heard. */
export type Described = {
  /** Undefined where there are no pictures. */
  readonly size: { readonly width: number; readonly height: number } | undefined
  readonly hasSound: boolean
}

/** Within `tkhd` (ISO/IEC 14496-12, section 8.3.2), version 0: width and height as 16.16. */
const WIDTH_AT = 76
const HEIGHT_AT = 80

/** Reads an init segment as `init.ts` writes them. */
export const describeInit = (init: Buffer): Described => {
  const sizes = boxesAt(init, ['moov', 'trak', 'tkhd']).map(({ start }) => ({
    width: init.readUInt16BE(start + WIDTH_AT),
    height: init.readUInt16BE(start + HEIGHT_AT),
  }))
  return {
    size: sizes.find(({ width }) => width > 0),
    hasSound: sizes.some(({ width }) => width === 0),
  }
}
