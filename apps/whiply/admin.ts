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

/** `whiply admin owner HANDLE`: exit code 1 where there is no such account. */
export const adminOwner: Command = async (config, [handle], signal) => {
  const terminal = createTerminal(process.stderr)
  if (handle === undefined) {
    terminal.warn('whose? whiply admin owner HANDLE')
    return 2
  }
  const { makeOwner } = await import('#apps/http-edge/first-start.ts')
  try {
    await makeOwner(config, signal, handle)
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code !== 'identity.account_unknown') throw error
    terminal.warn((error as Error).message)
    return 1
  }
  process.stdout.write(`${handle} is an owner of the platform.\n`)
  return 0
}
