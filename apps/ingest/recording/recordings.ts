import type { BroadcastCommand } from '#libs/broadcast/commands.ts'
import type { BroadcastEvent } from '#libs/broadcast/events.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import type { RepeatedSummary } from '#libs/journal/outcome.ts'
import { vodFolder } from '#libs/media/recording/piece.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { createRecorder, type Recorder } from './recorder.ts'

export type RecordingsOptions = {
  readonly objects: Pick<ObjectStore, 'put'>
  readonly send: (channelId: string, command: BroadcastCommand) => Promise<RepeatedSummary | undefined>
  readonly logger: Logger
}

/** The recordings of the broadcasts that are taken in here. */
export type Recordings = {
  /** Records a broadcast, of which nothing was stored from here before. */
  readonly record: (channelId: string, broadcastId: string) => Recorder
  /** What the journal says of a channel's broadcasts, in its order. */
  readonly observe: (channelId: string, event: BroadcastEvent) => void
  /** Stores what waits, within so long; broadcasts may go on elsewhere. */
  readonly close: (withinMs: number) => Promise<void>
}

/** About forty seconds of 3 Mb/s: what may be stored late. */
const MOST_WAITING_BYTES = 16 << 20
/** The aggregate waits for a little longer before it finishes the recording by itself. */
const LAST_WITHIN_MS = 20_000

export const createRecordings = ({ objects, send, logger }: RecordingsOptions): Recordings => {
  const recorders = new Map<string, Recorder>()

  const finish = async (channelId: string, broadcastId: string, recorder: Recorder): Promise<void> => {
    await recorder.finish(LAST_WITHIN_MS)
    recorders.delete(broadcastId)
    await send(channelId, { type: 'FinishRecording', broadcastId })
  }

  return {
    record: (channelId, broadcastId) => {
      const recorder = createRecorder({
        objects,
        folder: vodFolder(channelId, broadcastId),
        take: uuidv7(),
        mostWaitingBytes: MOST_WAITING_BYTES,
        report: async (recorded) => {
          const { take, ...sums } = recorded
          const answer = await send(channelId, { type: 'ReportRecording', broadcastId, take, ...sums })
          if (!answer) throw new Error('nobody has answered yet')
        },
        onAway: (error) =>
          logger.warn(
            { channelId, broadcastId, error: (error as Error).message },
            'segments wait for the object store',
          ),
      })
      recorders.set(broadcastId, recorder)
      return recorder
    },
    observe: (channelId, event) => {
      if (event.type !== 'RecordingStopped' && event.type !== 'BroadcastEnded') return
      const recorder = recorders.get(event.broadcastId)
      if (!recorder) return
      if (event.type === 'RecordingStopped') recorder.stop()
      else
        finish(channelId, event.broadcastId, recorder).catch((error: Error) =>
          logger.warn({ channelId, error: error.message }, 'a recording is finished by its time alone'),
        )
    },
    close: async (withinMs) => {
      await Promise.all([...recorders.values()].map((recorder) => recorder.finish(withinMs)))
    },
  }
}
