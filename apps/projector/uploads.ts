import { sweepUploads } from '#libs/channel/attachments/store.ts'
import { safeError } from '#libs/http/safe-error.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Running } from './keep-running.ts'
import { repeat } from './repeat.ts'

/** Often enough for what is kept for a day; and late enough after a start for what was posted meanwhile to be noted first. */
const EVERY_MS = 3_600_000

/**
 * Removes pictures that nobody has posted from the object store, of whoever has sent them in. Should several processes do
 * so at once, no harm is done.
 */
export const keepUploadsSwept = (
  objects: Pick<ObjectStore, 'list' | 'remove'>,
  logger: Logger,
  everyMs = EVERY_MS,
): Running => {
  const sweep = () =>
    sweepUploads(objects, Date.now()).catch((error: unknown) =>
      logger.warn({ error: safeError(error) }, 'pictures that nobody has posted are removed later'),
    )
  return repeat(sweep, everyMs, everyMs)
}
