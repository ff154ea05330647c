import postgres from 'postgres'
import { forApp } from '#apps/whiply/with-engines.ts'
import { readArguments, readConfig } from '#libs/config/config.ts'
import { openConfiguredLog } from '#libs/journal/configured-log.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import {
  commandTopic,
  families,
  journalTopic,
  metaTopic,
  presenceTopic,
  telemetryTopic,
} from '#libs/journal/families.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { searchCanary } from './search.ts'

// `npm run canary -- TEXT`, on the engines of the settings, else on those of a whiply that runs: prints one line of JSON for
// each place that holds the text.
const { flags, words } = readArguments(process.argv.slice(2))
const config = await forApp(readConfig(process.env, flags))
const log = openConfiguredLog(config, 'whiply-canary', createLogger('canary', 'error'))
const sql = postgres(config.databaseUrl, { max: 1 })
try {
  const found = await searchCanary(words[0] ?? '', {
    log,
    topics: [
      ...families.flatMap((family) => [commandTopic(family), journalTopic(family)]),
      presenceTopic,
      telemetryTopic,
      metaTopic,
    ],
    sql,
    objects: await openConfiguredObjects(config),
  })
  for (const place of found) process.stdout.write(`${JSON.stringify(place)}\n`)
} finally {
  await Promise.all([log.close(), sql.end()])
}
