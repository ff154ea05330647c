import { existsSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { forApp } from '#apps/whiply/with-engines.ts'
import { readArguments, readConfig } from '#libs/config/config.ts'
import { openConfiguredLog, openConfiguredTransactions } from '#libs/journal/configured-log.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { topicsThere } from './places.ts'
import { searchCanary } from './search.ts'
import { judge } from './verdict.ts'

// `npm run canary -- TEXT`, on the engines of the settings, else on those of a whiply that runs: prints one line of JSON for
// each place that holds the text, and exits 0 if none of them should be empty by now, 1 if one should, 2 if it could not look.
const { flags, words } = readArguments(process.argv.slice(2))

const search = async (canary: string): Promise<0 | 1> => {
  const config = await forApp(readConfig(process.env, flags))
  await using stack = new AsyncDisposableStack()
  const logger = createLogger('canary', 'error')
  const log = stack.adopt(openConfiguredLog(config, 'whiply-canary', logger), (open) => open.close())
  const transactions = stack.adopt(openConfiguredTransactions(config, 'whiply-canary', logger), (open) => open.close())
  const sql = stack.adopt(postgres(config.databaseUrl, { max: 1, onnotice: () => {} }), (open) => open.end())
  // What embedded engines and the object store keep in the data folder is searched through them.
  const except = [join(config.data, 'kafka'), join(config.data, 'postgres'), config.objectStore]
  const found = await searchCanary(canary, {
    log,
    topics: await topicsThere(log, transactions),
    sql,
    objects: await openConfiguredObjects(config),
    ...(existsSync(config.data) && { folder: { path: config.data, except } }),
  })
  const today = new Date().toISOString().slice(0, 10)
  const judged = found.map((place) => judge(place, today))
  for (const place of judged) process.stdout.write(`${JSON.stringify(place)}\n`)
  return judged.some(({ overdue }) => overdue) ? 1 : 0
}

try {
  process.exitCode = await search(words[0] ?? '')
} catch (error) {
  process.stderr.write(`canary: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 2
}
