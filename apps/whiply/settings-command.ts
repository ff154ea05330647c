import type { Command } from '#libs/config/app.ts'
import { printable } from '#libs/config/config.ts'
import { settingsTable } from '#libs/config/table.ts'

/** `whiply settings`: every setting as it stands, secrets masked; `whiply settings table`: what each is, in Markdown. */
export const settingsCommand: Command = async (config, [form]) => {
  if (form === 'table') process.stdout.write(settingsTable())
  else for (const [name, value] of Object.entries(printable(config))) process.stdout.write(`${name}=${value}\n`)
  return 0
}
