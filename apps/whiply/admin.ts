import type { Command } from '#libs/config/app.ts'
import { tellPassword } from './tell-password.ts'
import { createTerminal } from './terminal.ts'

/** `whiply admin create`: what the launcher does at its first start, for apps that were started one by one. */
export const adminCreate: Command = async (config, _args, signal) => {
  const { firstStart } = await import('#apps/http-edge/first-start.ts')
  const password = await firstStart(config, signal)
  if (password) await tellPassword(createTerminal(process.stderr), config, password)
  return 0
}

/** `whiply admin reset`: a new password for the administrator, told like the first one. */
export const adminReset: Command = async (config, _args, signal) => {
  const { resetAdmin } = await import('#apps/http-edge/first-start.ts')
  await tellPassword(createTerminal(process.stderr), config, await resetAdmin(config, signal))
  return 0
}
