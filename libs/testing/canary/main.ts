import postgres from 'postgres'
import { readArguments, readConfig } from '#libs/config/config.ts'
import { commandTopic, families, journalTopic, metaTopic, presenceTopic } from '#libs/journal/families.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { openFolderObjects } from '#libs/journal/objects/folder.ts'
import { searchCanary } from './search.ts'

// `node libs/testing/canary/main.ts TEXT`, with KAFKA_BROKERS, DATABASE_URL and OBJECT_STORE (or WHIPLY_DATA): prints one
// line of JSON for each place that holds the text.
const { flags, words } = readArguments(process.argv.slice(2))
const config = readConfig(process.env, flags)
const log = kafkaLog({ brokers: config.kafkaBrokers })
const sql = postgres(config.databaseUrl, { max: 1 })
try {
  const found = await searchCanary(words[0] ?? '', {
    log,
    topics: [...families.flatMap((family) => [commandTopic(family), journalTopic(family)]), presenceTopic, metaTopic],
    sql,
    objects: await openFolderObjects(config.objectStore),
  })
  for (const place of found) process.stdout.write(`${JSON.stringify(place)}\n`)
} finally {
  await Promise.all([log.close(), sql.end()])
}
