import { outbound } from '#libs/broadcast/edge.ts'
import { keeperManager } from '#libs/broadcast/recordings/keeper.ts'
import { makePictures, type Pictures } from '#libs/broadcast/recordings/pictures.ts'
import { removeFolder } from '#libs/broadcast/recordings/shelf.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { answerOf } from '#libs/journal/outcome.ts'
import { findFfmpeg } from '#libs/media/ffmpeg/find.ts'
import { channelFolder } from '#libs/media/recording/piece.ts'
import { effectManager, type Manager } from '#libs/readmodel/manager.ts'
import type { Logger } from '#libs/telemetry/logger.ts'

export type RecordingManagersOptions = {
  readonly objects: ObjectStore
  readonly gateway: Pick<CommandGateway, 'submit'>
  /** As the settings have it; none: that of the system. */
  readonly ffmpegPath: string | undefined
  readonly logger: Logger
}

/** Pictures where there is an ffmpeg; where there is none the log says so, once. */
const picturesIfAny = ({ objects, ffmpegPath, logger }: RecordingManagersOptions): Pictures => {
  const found = findFfmpeg(ffmpegPath).then((ffmpeg) => {
    if (!ffmpeg) logger.warn('there is no ffmpeg (FFMPEG_PATH): recordings have no pictures')
    return ffmpeg
  })
  return async (folder, signal) => {
    const ffmpeg = await found
    if (ffmpeg) await makePictures(objects, ffmpeg)(folder, signal)
  }
}

/** What follows on the journal of broadcasts for their recordings, and on that of accounts for those of erased people. */
export const recordingManagers = (options: RecordingManagersOptions): readonly Manager[] => {
  const { objects, gateway, logger } = options
  return [
    keeperManager({
      objects,
      picture: picturesIfAny(options),
      logger,
      send: async (channelId, command) => {
        const record = await gateway.submit(outbound(channelId, command, Date.now()))
        return record && answerOf(record.outcome)
      },
    }),
    effectManager({
      name: 'recordings-of-erased',
      family: 'account',
      codecs: codecs.account,
      // Their own channel has the id of the account.
      effect: (event) =>
        event.type === 'AccountErased' ? () => removeFolder(objects, channelFolder(event.accountId)) : undefined,
    }),
  ]
}
