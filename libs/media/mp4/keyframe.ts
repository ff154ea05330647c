import { fragment } from './fragment.ts'
import { videoTrackId } from './init.ts'
import { fragmentsOf } from './read.ts'

/** The keyframe that a part begins with, as a fragment of its own; undefined where it begins with none. */
export const keyframeOf = (part: Buffer): Buffer | undefined => {
  const [first] = fragmentsOf(part)
  const [run] = first?.runs ?? []
  const [size = 0] = run?.sizes ?? []
  if (!first || run?.trackId !== videoTrackId || !run.isSync[0]) return undefined
  const data = part.subarray(first.data.start, first.data.start + size)
  const [duration = 0, compositionOffset = 0] = [run.durations[0], run.compositionOffsets[0]]
  return fragment(0, [
    {
      trackId: videoTrackId,
      decodeTime: run.decodeTime,
      samples: [{ data, duration, isSync: true, compositionOffset }],
    },
  ])
}

/** Pictures that a segment shows. */
export const picturesIn = (segment: Buffer): number =>
  fragmentsOf(segment)
    .flatMap(({ runs }) => runs)
    .reduce((sum, { trackId, sizes }) => sum + (trackId === videoTrackId ? sizes.length : 0), 0)
