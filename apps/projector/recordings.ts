import { outbound } from '#libs/broadcast/edge.ts'
import { joinBy } from '#libs/broadcast/recordings/joiner.ts'
import { type KeeperOptions, keeperManager } from '#libs/broadcast/recordings/keeper.ts'
import { makePictures } from '#libs/broadcast/recordings/pictures.ts'
import { removeFolder } from '#libs/broadcast/recordings/shelf.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { answerOf } from '#libs/journal/outcome.ts'
import { findFfmpeg } from '#libs/media/ffmpeg/find.ts'
import { channelFolder } from '#libs/media/recording/piece.ts'
import { effectManager, type Manager } from '#libs/readmodel/manager.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Vault } from '#libs/vault/vault.ts'

export type RecordingManagersOptions = {
  readonly objects: ObjectStore
  readonly gateway: Pick<CommandGateway, 'submit'>
  readonly keys: Pick<Vault['keys'], 'isErased'>
  /** As the settings have it; none: that of the system. */
  readonly ffmpegPath: string | undefined
  readonly logger: Logger
}

/** What is made by ffmpeg, where there is one; where there is none the log says so, once. */
const makersIfAny = ({
  objects,
  ffmpegPath,
  logger,
}: RecordingManagersOptions): Pick<KeeperOptions, 'picture' | 'join'> => {
  const found = findFfmpeg(ffmpegPath).then((ffmpeg) => {
    if (!ffmpeg)
      logger.warn(
        'there is no ffmpeg (FFMPEG_PATH, or npm run ffmpeg): recordings have no pictures, and no clips of several sessions',
      )
    return ffmpeg
  })
  return {
    picture: async (folder, signal) => {
      const ffmpeg = await found
      if (ffmpeg) await makePictures(objects, ffmpeg)(folder, signal)
    },
    join: async (signal) => {
      const ffmpeg = await found
      return ffmpeg === undefined ? undefined : joinBy(ffmpeg, signal)
    },
  }
}

/** What follows on the journal of broadcasts for their recordings, and on that of accounts for those of erased people. */
export const recordingManagers = (options: RecordingManagersOptions): readonly Manager[] => {
  const { objects, gateway, keys, logger } = options
  return [
    keeperManager({
      objects,
      // An account's own channel has its id; another one is nobody's.
      isErased: keys.isErased,
      ...makersIfAny(options),
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
