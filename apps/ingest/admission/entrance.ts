import { parseAvcConfig } from '#libs/media/avc.ts'
import { parseAudioTag, parseVideoTag } from '#libs/media/flv/tags.ts'
import type { AmfObject } from '#libs/protocols/rtmp/amf-value.ts'
import { holdSize, type MediaLimits } from '../limits.ts'
import type { Admission, Intake, PublishEnd, Refused } from '../rtmp/publisher.ts'

export type EntranceOptions = {
  readonly limits: MediaLimits
  /** There is something to show: asked once. */
  readonly open: () => Promise<Admission>
  /** Aborted by `cut`, whoever calls it: nothing is opened any more. */
  readonly over: AbortSignal
  /** It is not let in after all. */
  readonly cut: (reason: string) => void
  /** It has sent nothing that could be shown. */
  readonly onMissing: () => void
  /** It has gone before there was anything to show; of what was refused with what was no good. */
  readonly onGone: (why: PublishEnd, wrong?: Refused) => void
  readonly waitMs?: number
}

/** Encoders send their first picture within a second. */
const WAIT_MS = 15_000
/** Of sound alone, though pictures were promised or may still come: a codec that is not taken is seen by then. */
const SOUND_ALONE_MS = 3_000

type Kind = 'audio' | 'video'

/** What encoders say of pictures that they are going to send. */
const ofPictures = ['videocodecid', 'videodatarate', 'framerate', 'width', 'height', 'hasVideo']

/** Whether an encoder says what it sends, and that there are no pictures; who says nothing may send them yet. */
const saysSoundAlone = (metadata: AmfObject | undefined): boolean =>
  Boolean(metadata?.audiocodecid) && !ofPictures.some((name) => metadata?.[name])

/**
 * Looks at what an encoder sends until there is something to show, and only then has its broadcast begin: who is live is
 * told to many, and a codec or a size that is not taken is found out by the first messages. What decoders have to know is
 * handed on with the first frame, and at its time; sound before it belongs to no picture, and is not.
 */
export const createEntrance = (options: EntranceOptions): Intake => {
  const { limits, open, over, cut, onMissing, onGone, waitMs = WAIT_MS } = options
  const configs = new Map<Kind, Buffer>()
  let metadata: AmfObject | undefined
  let firstSoundMs: number | undefined
  let inside: Intake | undefined
  const waiting = setTimeout(onMissing, waitMs).unref()

  const enter = async (kind: Kind, payload: Buffer, timeMs: number): Promise<void> => {
    clearTimeout(waiting)
    const admission = await open()
    if ('refused' in admission) return cut(admission.refused)
    inside = admission.intake
    if (metadata) inside.metadata(metadata)
    // Whoever takes it in sets its clock by what comes first.
    for (const [of, config] of configs) await inside[of](config, timeMs)
    await inside[kind](payload, timeMs)
  }

  const keep = (kind: Kind, payload: Buffer): void => void configs.set(kind, Buffer.from(payload))

  const video = (payload: Buffer, timeMs: number): void | Promise<void> => {
    const tag = parseVideoTag(payload)
    if (tag.type === 'config') {
      holdSize(parseAvcConfig(tag.record), limits)
      return keep('video', payload)
    }
    // Pictures before the first keyframe could not be shown.
    if (tag.type === 'frame' && tag.isKey && configs.has('video')) return enter('video', payload, timeMs)
  }

  const audio = (payload: Buffer, timeMs: number): void | Promise<void> => {
    const tag = parseAudioTag(payload)
    if (tag.type === 'config') return keep('audio', payload)
    if (tag.type !== 'frame' || !configs.has('audio')) return
    firstSoundMs ??= timeMs
    const isSoundAlone = saysSoundAlone(metadata) && !configs.has('video')
    if (isSoundAlone || Math.abs(timeMs - firstSoundMs) > SOUND_ALONE_MS) return enter('audio', payload, timeMs)
  }

  return {
    metadata: (values) => {
      metadata = values
      inside?.metadata(values)
    },
    audio: (payload, timeMs) => {
      if (inside) return inside.audio(payload, timeMs)
      if (!over.aborted) return audio(payload, timeMs)
    },
    video: (payload, timeMs) => {
      if (inside) return inside.video(payload, timeMs)
      if (!over.aborted) return video(payload, timeMs)
    },
    end: (why, wrong) => {
      clearTimeout(waiting)
      if (inside) inside.end(why, wrong)
      else onGone(why, wrong)
    },
  }
}
