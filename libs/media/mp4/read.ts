import { MediaError } from '../media-error.ts'

/** A box within a buffer: its content from `start` to `end`. */
export type ReadBox = { readonly type: string; readonly at: number; readonly start: number; readonly end: number }

/** The boxes between two places (ISO/IEC 14496-12, section 4.2). Throws {@link MediaError} where one is not whole. */
export const boxesIn = (bytes: Buffer, from = 0, to = bytes.length): readonly ReadBox[] => {
  const boxes: ReadBox[] = []
  for (let at = from; at < to; ) {
    const size = to - at < 8 ? 0 : bytes.readUInt32BE(at)
    if (size < 8 || at + size > to) throw new MediaError('media.malformed', 'a box is not whole')
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), at, start: at + 8, end: at + size })
    at += size
  }
  return boxes
}

/** The boxes of that type, along a path of types. */
export const boxesAt = (bytes: Buffer, path: readonly string[], from = 0, to = bytes.length): readonly ReadBox[] => {
  const [type, ...rest] = path
  const found = boxesIn(bytes, from, to).filter((box) => box.type === type)
  return rest.length === 0 ? found : found.flatMap(({ start, end }) => boxesAt(bytes, rest, start, end))
}

/** The samples of one track in a fragment; times in ticks of the track. */
export type ReadRun = {
  readonly trackId: number
  readonly decodeTime: number
  readonly durations: readonly number[]
  readonly sizes: readonly number[]
  readonly isSync: readonly boolean[]
  readonly compositionOffsets: readonly number[]
}

/** A `moof` with its `mdat`, in which the runs lie one behind another. */
export type ReadFragment = {
  readonly at: number
  readonly end: number
  readonly data: { readonly start: number; readonly end: number }
  readonly runs: readonly ReadRun[]
}

const NON_SYNC = 0x10000
const ROW_BYTES = 16
const TRUN_HEAD_BYTES = 12

const runOf = (bytes: Buffer, traf: ReadBox): ReadRun => {
  const inside = boxesIn(bytes, traf.start, traf.end)
  const [header, time, run] = ['tfhd', 'tfdt', 'trun'].map((type) => inside.find((box) => box.type === type))
  if (!header || !time || !run) throw new MediaError('media.malformed', 'a fragment lacks a box')
  const count = bytes.readUInt32BE(run.start + 4)
  const rows = run.start + TRUN_HEAD_BYTES
  if (rows + count * ROW_BYTES !== run.end) throw new MediaError('media.malformed', 'a run has rows of another form')
  const column = <Value>(read: (at: number) => Value): readonly Value[] =>
    Array.from({ length: count }, (_, index) => read(rows + index * ROW_BYTES))
  return {
    trackId: bytes.readUInt32BE(header.start + 4),
    decodeTime: Number(bytes.readBigUInt64BE(time.start + 4)),
    durations: column((at) => bytes.readUInt32BE(at)),
    sizes: column((at) => bytes.readUInt32BE(at + 4)),
    isSync: column((at) => (bytes.readUInt32BE(at + 8) & NON_SYNC) === 0),
    compositionOffsets: column((at) => bytes.readInt32BE(at + 12)),
  }
}

/** Reads a segment as `fragment.ts` writes them. Throws {@link MediaError} for other forms. */
export const fragmentsOf = (bytes: Buffer): readonly ReadFragment[] => {
  const boxes = boxesIn(bytes)
  return boxes.flatMap((box, index) => {
    const data = boxes[index + 1]
    if (box.type !== 'moof') return []
    if (data?.type !== 'mdat') throw new MediaError('media.malformed', 'a fragment lacks its data')
    const runs = boxesAt(bytes, ['traf'], box.start, box.end).map((traf) => runOf(bytes, traf))
    return [{ at: box.at, end: data.end, data: { start: data.start, end: data.end }, runs }]
  })
}
