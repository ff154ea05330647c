import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NewPassword } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import type { Terminal } from './terminal.ts'

/**
 * Tells a password to the person at the terminal, once. Where there is none (a service, a container) it goes to a file
 * that only its owner reads, and never into whatever collects the output.
 */
export const tellPassword = async (
  terminal: Terminal,
  config: Pick<Config, 'data'>,
  { handle, password }: NewPassword,
): Promise<void> => {
  if (terminal.isPerson) {
    terminal.box([
      `Administrator   ${handle}`,
      `Password        ${password}`,
      '',
      'Shown this once. It must be changed at the first login.',
    ])
    return
  }
  const file = join(config.data, 'admin-password')
  await mkdir(config.data, { recursive: true, mode: 0o711 })
  await writeFile(file, `${handle}\n${password}\n`, { mode: 0o600 })
  await chmod(file, 0o600)
  terminal.warn(`The administrator's one-time password is in ${file}: read it, log in to change it, remove the file.`)
}
