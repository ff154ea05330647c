import type { FirstStart, NewPassword } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import {
  ensurePlatform,
  type FirstStartEdge,
  resetAdmin as giveNewPassword,
  giveOwnership,
} from '#libs/identity/first-start.ts'
import { accountReads } from '#libs/identity/queries.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { passwordCost } from '#libs/vault/password-cost.ts'
import { createPasswords } from '#libs/vault/passwords.ts'
import { openBackbone } from './backbone.ts'

/** Makes the administrator and the lobby where they are not there. The password goes to the caller alone. */
export const firstStart: FirstStart = (config, signal) => withEdge(config, signal, ensurePlatform)

/** A new one-time password for the administrator. */
export const resetAdmin = (config: Config, signal: AbortSignal): Promise<NewPassword> =>
  withEdge(config, signal, giveNewPassword)

/** Makes the account of a handle an owner. */
export const makeOwner = (config: Config, signal: AbortSignal, handle: string): Promise<void> =>
  withEdge(config, signal, (edge) => giveOwnership(edge, handle))

const withEdge = async <Result>(
  config: Config,
  signal: AbortSignal,
  work: (edge: FirstStartEdge) => Promise<Result>,
): Promise<Result> => {
  const logger = createLogger('first-start', config.logLevel)
  const backbone = await openBackbone(config, 'first-start', logger)
  try {
    signal.throwIfAborted()
    const { gateway, disk, vault, sql, opening, settle } = backbone
    return await work({
      gateway,
      diskFull: disk.full,
      now: Date.now,
      vault,
      passwords: createPasswords({ cost: passwordCost(config) }),
      opening,
      settle,
      reads: accountReads(sql),
    })
  } finally {
    await backbone.close()
  }
}
