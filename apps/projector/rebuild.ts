import type { Command } from '#libs/config/app.ts'
import { dropLeftovers } from '#libs/readmodel/leftovers.ts'
import { rebuild as rebuildProjection } from '#libs/readmodel/rebuild.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { showProgress } from './progress.ts'
import { projectionNames, projectionsOf } from './projections.ts'
import { openReadSide } from './read-side.ts'

/** Where the words are not the name of one read model: what they should be. */
export const refuseRebuild = (words: readonly string[]): string | undefined =>
  words.length === 1 && projectionNames.includes(words[0] ?? '')
    ? undefined
    : `whiply projector rebuild NAME, where NAME is one of: ${projectionNames.join(', ')}`

/**
 * `whiply projector rebuild NAME`: builds a read model anew beside the live one, compares the two, switches, and drops
 * what is not led to any more. Prints one JSON object. Exit code 0 where both hashes are equal, 1 where they are not.
 */
export const rebuild: Command = async (config, args, signal) => {
  const logger = createLogger('projector', 'error')
  const side = await openReadSide(config, logger, signal)
  try {
    const projection = projectionsOf(side.vault.keys).find(({ name }) => name === args[0])
    if (!projection) throw new Error(refuseRebuild(args))
    const rebuilt = await rebuildProjection({ ...side, projection, logger, onProgress: showProgress(process.stderr) })
    process.stderr.write('\n')
    const dropped = await dropLeftovers(side.sql, projection.name)
    process.stdout.write(`${JSON.stringify({ projection: projection.name, ...rebuilt, dropped })}\n`)
    return rebuilt.hashEqual ? 0 : 1
  } finally {
    await side.close()
  }
}
