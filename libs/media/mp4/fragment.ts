import { box, fullBox, u32, u64 } from './box.ts'

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

const runBytes = (samples: readonly Sample[]): number => samples.reduce((sum, { data }) => sum + data.length, 0)

const trackFragment = ({ trackId, decodeTime, samples }: TrackRun, dataOffset: number): Buffer => {
  const rows = samples.flatMap(({ data, duration, isSync, compositionOffset }) => [
    duration,
    data.length,
    isSync ? SYNC : NON_SYNC,
    compositionOffset,
  ])
  return box(
    'traf',
    fullBox('tfhd', 0, DEFAULT_BASE_IS_MOOF, u32(trackId)),
    fullBox('tfdt', 1, 0, u64(decodeTime)),
    fullBox('trun', 1, RUN_FLAGS, u32(samples.length, dataOffset, ...rows)),
  )
}

/** A chunk of CMAF (ISO/IEC 23000-19, section 7.3.3.1): `moof` and `mdat`; runs without samples are left out. */
export const fragment = (sequence: number, runs: readonly TrackRun[]): Buffer => {
  const filled = runs.filter(({ samples }) => samples.length > 0)
  const moof = (firstOffset: number): Buffer => {
    let offset = firstOffset
    const tracks = filled.map((run) => {
      const track = trackFragment(run, offset)
      offset += runBytes(run.samples)
      return track
    })
    return box('moof', fullBox('mfhd', 0, 0, u32(sequence)), ...tracks)
  }
  const headBytes = moof(0).length + 8
  return Buffer.concat([
    moof(headBytes),
    box('mdat', ...filled.flatMap(({ samples }) => samples.map(({ data }) => data))),
  ])
}
