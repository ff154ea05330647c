import type { Command } from '#libs/config/app.ts'
import { tellPassword } from './tell-password.ts'
import { createTerminal } from './terminal.ts'

/** `whiply admin reset`: a new password for the administrator, told like the first one. */
export const adminReset: Command = async (config, _args, signal) => {
  const { resetAdmin } = await import('#apps/http-edge/first-start.ts')
  await tellPassword(createTerminal(process.stderr), config, await resetAdmin(config, signal))
  return 0
}
