import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NewPassword } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import type { Terminal } from './terminal.ts'

/** A password that is told once: in a frame to a person, or in a file of the data folder. */
type Told = {
  readonly frame: readonly string[]
  readonly file: { readonly name: string; readonly content: string }
  /** What is said where it went to a file. */
  readonly filed: (path: string) => string
}

/**
 * Tells a password to the person at the terminal, once. Where there is none (a service, a container) it goes to a file
 * that only its owner reads, and never into whatever collects the output.
 */
const tellOnce = async (terminal: Terminal, { data }: Pick<Config, 'data'>, { frame, file, filed }: Told) => {
  if (terminal.isPerson) {
    terminal.box(frame)
    return
  }
  const path = join(data, file.name)
  await mkdir(data, { recursive: true, mode: 0o711 })
  await writeFile(path, file.content, { mode: 0o600 })
  await chmod(path, 0o600)
  terminal.warn(filed(path))
}

export const tellPassword = (
  terminal: Terminal,
  config: Pick<Config, 'data'>,
  { handle, password }: NewPassword,
): Promise<void> =>
  tellOnce(terminal, config, {
    frame: [
      `Administrator   ${handle}`,
      `Password        ${password}`,
      '',
      'Shown this once. It must be changed at the first login.',
    ],
    file: { name: 'admin-password', content: `${handle}\n${password}\n` },
    filed: (path) =>
      `The administrator's one-time password is in ${path}: read it, log in to change it, remove the file.`,
  })

/** As the environment variables by which the examples log in. */
export const tellIntegratorPassword = (
  terminal: Terminal,
  config: Pick<Config, 'data'>,
  name: string,
  password: string,
): Promise<void> => {
  const variables = [`KAFKA_USERNAME=${name}`, `KAFKA_PASSWORD=${password}`]
  return tellOnce(terminal, config, {
    frame: [...variables, '', 'Shown this once. SASL mechanism SCRAM-SHA-512.'],
    file: { name: `integrator-${name}`, content: `${variables.join('\n')}\n` },
    filed: (path) => `The password of ${name} is in ${path}: pass it on, and remove the file.`,
  })
}
