import type { StartApp } from '#libs/config/app.ts'
import { accountReads } from '#libs/identity/queries.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import { type CommandGateway, GatewayBusy } from '#libs/journal/gateway.ts'
import { positionToken } from '#libs/journal/outcome.ts'
import { logLost, openConfiguredMailer } from '#libs/mail/configured.ts'
import { managerReader } from '#libs/readmodel/manager-runner.ts'
import { RETRY_CHANNEL } from '#libs/readmodel/parked.ts'
import { createPositionWaiter } from '#libs/readmodel/wait.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { keepAuditHeads } from './audit-heads.ts'
import { type Kept, keepRunning, type Running } from './keep-running.ts'
import { mailsManager } from './mails.ts'
import { managersOf } from './managers.ts'
import { mountManager, openManagersGateway } from './mount-managers.ts'
import { mountProjection } from './mount-projection.ts'
import { projectionsOf } from './projections.ts'
import { openReadSide } from './read-side.ts'
import { recordingManagers } from './recordings.ts'
import { keepUploadsSwept } from './uploads.ts'

/** The gateway of the moment; managers ask it each time, since it is opened anew when the log fails. */
const changingGateway = () => {
  let current: CommandGateway | undefined
  const submit: CommandGateway['submit'] = async (command, timeoutMs) => {
    if (!current) throw new GatewayBusy('the way to the command topics is not open')
    return current.submit(command, timeoutMs)
  }
  return {
    submit,
    use: (gateway: CommandGateway | undefined) => {
      current = gateway
    },
  }
}

/**
 * Fills the read models and runs the process managers. Each is on its own: one that fails does not stop the others, and
 * is started again. Where Postgres is away they wait, and go on from where they stood.
 */
export const start: StartApp = async (config, signal) => {
  const logger = createLogger('projector', config.logLevel)
  const objects = await openConfiguredObjects(config, ({ code, message }) =>
    logger.warn({ code }, `what erased people sent in cannot be removed now: ${message}`),
  )
  const side = await openReadSide(config, logger, signal)
  const mailer = openConfiguredMailer(config, logger)
  const waiter = await createPositionWaiter(side.sql)
  const { account } = accountReads(side.sql)
  const gateway = changingGateway()
  const openGateway = async (): Promise<Running> => {
    const opened = await openManagersGateway(side, logger)
    gateway.use(opened.gateway)
    return opened
  }
  const keep = (name: string, run: () => Promise<Running>) => keepRunning(name, run, logger)
  const projections = projectionsOf(side.vault.keys).map((projection) =>
    keep(projection.name, () => mountProjection(side, projection, logger)),
  )
  const managers = new Map<string, Kept>(
    [
      ...managersOf(side.vault, gateway, side.openReader, objects),
      mailsManager({
        mailer,
        onLost: logLost(logger),
        account: async (accountId, record) => {
          await waiter.wait('accounts', positionToken(record))
          return account(accountId)
        },
        vault: side.vault,
        publicUrl: config.publicUrl,
      }),
      ...recordingManagers({ objects, gateway, keys: side.vault.keys, ffmpegPath: config.ffmpegPath, logger }),
    ].map((manager) => [
      managerReader(manager),
      keep(managerReader(manager), () => mountManager(side, manager, logger)),
    ]),
  )
  const heads = keep('audit heads', async () =>
    keepAuditHeads(side, objects, config.auditHeadsMinutes * 60_000, logger),
  )
  const uploads = keep('uploads', async () => keepUploadsSwept(objects, logger))
  const all = [...projections, ...managers.values(), keep('gateway', openGateway), heads, uploads]
  // A manager acts on what it has parked whenever it starts.
  // Ended with the pool: a word of farewell would wait for a server that may be away.
  await side.sql.listen(RETRY_CHANNEL, (manager) => void managers.get(manager)?.restart())
  let closed: Promise<void> | undefined
  const closing = async (): Promise<void> => {
    await Promise.all(all.map((each) => each.close()))
    waiter.close()
    await mailer.close()
    await side.close()
  }
  const close = () => {
    closed ??= closing()
    return closed
  }
  if (signal.aborted) {
    await close()
    throw signal.reason
  }
  return { ready: () => all.every((each) => each.up()), close }
}
