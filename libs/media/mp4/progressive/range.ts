import type { Extent, ProgressiveFile } from './file.ts'

/** Bytes of one segment, from the first that is wanted to the last, and which of them those are (from its beginning). */
export type SegmentRead = {
  readonly segment: number
  readonly from: number
  readonly to: number
  readonly slices: readonly { readonly from: number; readonly to: number }[]
}

/** What a range of a file is made of: something of its head, then of segments, each of which is read at once. */
export type FileRange = { readonly head: Buffer; readonly reads: readonly SegmentRead[] }

const endOf = ({ at, from, to }: Extent): number => at + to - from

/** The index of the first extent that ends behind a byte of the file. */
const firstBehind = (extents: readonly Extent[], byte: number): number => {
  let [low, high] = [0, extents.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const extent = extents[middle]
    if (extent && endOf(extent) <= byte) low = middle + 1
    else high = middle
  }
  return low
}

/** What has to be read for the bytes of a file from one on, before another one. */
export const fileRange = ({ head, extents }: ProgressiveFile, from: number, to: number): FileRange => {
  const reads: SegmentRead[] = []
  for (let index = firstBehind(extents, from); index < extents.length; index++) {
    const extent = extents[index]
    if (!extent || extent.at >= to) break
    const slice = {
      from: extent.from + Math.max(0, from - extent.at),
      to: extent.to - Math.max(0, endOf(extent) - to),
    }
    const last = reads.at(-1)
    if (last?.segment === extent.segment)
      reads[reads.length - 1] = { ...last, to: slice.to, slices: [...last.slices, slice] }
    else reads.push({ segment: extent.segment, ...slice, slices: [slice] })
  }
  return { head: head.subarray(Math.min(from, head.length), Math.min(to, head.length)), reads }
}
