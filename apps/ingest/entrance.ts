import { parseAvcConfig } from '#libs/media/avc.ts'
import { parseAudioTag, parseVideoTag } from '#libs/media/flv/tags.ts'
import type { AmfObject } from '#libs/protocols/rtmp/amf-value.ts'
import { holdSize, type MediaLimits } from './limits.ts'
import type { Admission, Intake, PublishEnd, Refused } from './rtmp/publisher.ts'

export type EntranceOptions = {
  readonly limits: MediaLimits
  /** There is something to show: asked once. */
  readonly open: () => Promise<Admission>
  /** Aborted by `cut`, whoever calls it: nothing is opened any more. */
  readonly over: AbortSignal
  /** It is not let in after all, or sends nothing. */
  readonly cut: (reason: string) => void
  /** It has gone before there was anything to show; of what was refused with what was no good. */
  readonly onGone: (why: PublishEnd, wrong?: Refused) => void
  readonly waitMs?: number
}

/** Encoders send their first picture within a second. */
const WAIT_MS = 15_000
/** Of sound alone, though pictures were promised or may still come. */
const SOUND_ALONE_MS = 3_000

type Kind = 'audio' | 'video'

/**
 * Looks at what an encoder sends until there is something to show, and only then has its broadcast begin: who is live is
 * told to many, and a codec or a size that is not taken is found out by the first messages. What decoders have to know is
 * handed on with the first frame, and at its time; sound before it belongs to no picture, and is not.
 */
export const createEntrance = ({ limits, open, over, cut, onGone, waitMs = WAIT_MS }: EntranceOptions): Intake => {
  const configs = new Map<Kind, Buffer>()
  let metadata: AmfObject | undefined
  let firstSoundMs: number | undefined
  let inside: Intake | undefined
  const waiting = setTimeout(() => cut('neither a picture nor a sound has come'), waitMs).unref()

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
    const awaitsPicture = Boolean(metadata?.videocodecid) || configs.has('video')
    if (!awaitsPicture || Math.abs(timeMs - firstSoundMs) > SOUND_ALONE_MS) return enter('audio', payload, timeMs)
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
