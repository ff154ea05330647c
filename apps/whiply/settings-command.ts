import type { Command } from '#libs/config/app.ts'
import { printable } from '#libs/config/config.ts'

/** `whiply settings`: every setting as it stands, secrets masked. */
export const settingsCommand: Command = async (config) => {
  for (const [name, value] of Object.entries(printable(config))) process.stdout.write(`${name}=${value}\n`)
  return 0
}
