import type { StartApp } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import { dependency } from '#libs/http/dependency.ts'
import { listen } from '#libs/http/listen.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { isTransient } from '#libs/readmodel/errors.ts'
import { registryDoor } from '#libs/registry/http/door.ts'
import { createRegistrySchema } from '#libs/registry/open.ts'
import { createLogger } from '#libs/telemetry/logger.ts'

/** Connections to Postgres, and so requests that are answered at once. */
const CONNECTIONS = 8

/**
 * The schema registry of public topics. Any number of them may run on one Postgres. Ready while Postgres answers, as far
 * as is known from the requests.
 */
export const startSchemaRegistry = async (config: Config, signal: AbortSignal) => {
  const logger = createLogger('schema-registry', config.logLevel)
  const stack = new AsyncDisposableStack()
  try {
    const sql = stack.adopt(openPostgres(config.databaseUrl, { max: CONNECTIONS }), (opened) =>
      opened.end({ timeout: 1 }),
    )
    await createRegistrySchema(sql)
    const store = dependency({
      name: 'the store of schemas',
      isAway: isTransient,
      concurrency: CONNECTIONS,
      queue: 200,
      timeoutMs: 5000,
      failures: 3,
    })
    signal.throwIfAborted()
    const { schemaRegistryPort: port, schemaRegistryHost: host } = config
    const server = stack.adopt(
      await listen(registryDoor({ sql, guard: store.call, logger }), { port, host }),
      (opened) => opened.close(),
    )
    logger.info({ port: server.port }, 'the schema registry is served')
    const owned = stack.move()
    return { port: server.port, ready: () => store.state() !== 'open', close: () => owned.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

export const start: StartApp = (config, signal) => startSchemaRegistry(config, signal)
