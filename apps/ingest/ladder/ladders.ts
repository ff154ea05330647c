import type { Config } from '#libs/config/config.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { createLadder, type OpenLadder } from './ladder.ts'
import { createSlots, type Slots } from './slots.ts'

/** The encoders of this process. */
export type Ladders = {
  readonly slots: Slots
  /** How many channels have encoders at once; 0 where there is no ffmpeg. */
  readonly count: number
  readonly open: (channelId: string) => OpenLadder
}

const nowhere: OpenLadder = () => {
  throw new Error('nobody was granted a slot')
}

/**
 * Undefined where no smaller renditions are wanted. Without an ffmpeg there is no slot for anybody: the log says so, and
 * each broadcaster is told that there are none.
 */
export const openLadders = (
  { ladder: names, encodingSlots: count, encodingFirst }: Pick<Config, 'ladder' | 'encodingSlots' | 'encodingFirst'>,
  ffmpeg: string | undefined,
  logger: Logger,
): Ladders | undefined => {
  if (count === 0 || names.length === 0) return undefined
  if (ffmpeg === undefined) {
    logger.warn('there is no ffmpeg (FFMPEG_PATH, or npm run ffmpeg): broadcasts have no smaller renditions')
    return { slots: createSlots(0, []), count: 0, open: () => nowhere }
  }
  return {
    slots: createSlots(count, encodingFirst),
    count,
    open: (channelId) => (stream) =>
      createLadder({
        ...stream,
        ffmpeg,
        names,
        onGone: (why) => logger.warn({ channelId, why }, 'an encoder has ended, and is started again'),
      }),
  }
}
