/** One access unit; times in ticks of its track. */
export type Sample = {
  readonly data: Uint8Array
  readonly duration: number
  readonly isSync: boolean
  /** How much later than it is decoded it is shown; may be negative. */
  readonly compositionOffset: number
}

export type TrackRun = {
  readonly trackId: number
  /** When the first one is decoded. */
  readonly decodeTime: number
  readonly samples: readonly Sample[]
}

const DEFAULT_BASE_IS_MOOF = 0x020000
/** Data offset, and for each sample its duration, size, flags and composition offset. */
const RUN_FLAGS = 0x000f01
/** sample_depends_on and sample_is_non_sync_sample (ISO/IEC 14496-12, section 8.8.3.1). */
const SYNC = 0x02000000
const NON_SYNC = 0x01010000

const HEAD_BYTES = 8
const bytesOf = {
  mfhd: HEAD_BYTES + 8,
  tfhd: HEAD_BYTES + 8,
  tfdt: HEAD_BYTES + 12,
  trun: (samples: number) => HEAD_BYTES + 12 + 16 * samples,
  traf: (samples: number): number => HEAD_BYTES + bytesOf.tfhd + bytesOf.tfdt + bytesOf.trun(samples),
} as const

const sum = <Each>(all: readonly Each[], of: (each: Each) => number): number =>
  all.reduce((total, each) => total + of(each), 0)

const dataBytes = ({ samples }: TrackRun): number => sum(samples, ({ data }) => data.length)

/**
 * A chunk of CMAF (ISO/IEC 23000-19, section 7.3.3.1): `moof` and `mdat`; runs without samples are left out. Written at
 * once into the bytes that it takes: live video is made of little else.
 */
export const fragment = (sequence: number, runs: readonly TrackRun[]): Buffer => {
  const filled = runs.filter(({ samples }) => samples.length > 0)
  const moofBytes = HEAD_BYTES + bytesOf.mfhd + sum(filled, ({ samples }) => bytesOf.traf(samples.length))
  const mdatBytes = HEAD_BYTES + sum(filled, dataBytes)
  const bytes = Buffer.allocUnsafe(moofBytes + mdatBytes)
  let at = 0

  const u32 = (value: number): void => {
    at = bytes.writeUInt32BE(value >>> 0, at)
  }
  const box = (type: string, size: number): void => {
    u32(size)
    at += bytes.write(type, at, 'latin1')
  }
  const fullBox = (type: string, size: number, version: number, flags: number): void => {
    box(type, size)
    u32(version * 0x1000000 + flags)
  }
  const track = ({ trackId, decodeTime, samples }: TrackRun, dataOffset: number): void => {
    box('traf', bytesOf.traf(samples.length))
    fullBox('tfhd', bytesOf.tfhd, 0, DEFAULT_BASE_IS_MOOF)
    u32(trackId)
    fullBox('tfdt', bytesOf.tfdt, 1, 0)
    at = bytes.writeBigUInt64BE(BigInt(decodeTime), at)
    fullBox('trun', bytesOf.trun(samples.length), 1, RUN_FLAGS)
    u32(samples.length)
    u32(dataOffset)
    for (const { duration, data, isSync, compositionOffset } of samples) {
      u32(duration)
      u32(data.length)
      u32(isSync ? SYNC : NON_SYNC)
      u32(compositionOffset)
    }
  }

  box('moof', moofBytes)
  fullBox('mfhd', bytesOf.mfhd, 0, 0)
  u32(sequence)
  let dataOffset = moofBytes + HEAD_BYTES
  for (const run of filled) {
    track(run, dataOffset)
    dataOffset += dataBytes(run)
  }
  box('mdat', mdatBytes)
  for (const { samples } of filled)
    for (const { data } of samples) {
      bytes.set(data, at)
      at += data.length
    }
  return bytes
}
