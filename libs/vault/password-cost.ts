import type { Config } from '#libs/config/config.ts'
import type { PasswordCost } from './passwords.ts'

/** What the settings say of argon2id. */
export const passwordCost = (
  config: Pick<Config, 'passwordMemoryKib' | 'passwordIterations' | 'passwordParallelism'>,
): PasswordCost => ({
  memoryKib: config.passwordMemoryKib,
  passes: config.passwordIterations,
  lanes: config.passwordParallelism,
})
