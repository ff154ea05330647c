import { settingsHelp } from '#libs/config/table.ts'
import { type AppEntry, apps } from './apps.ts'
import { type CommandEntry, commands } from './commands.ts'

const NAMES = 35

/** A name that is too long for its column has a line to itself. */
const row = (name: string, doc: string): string =>
  `  ${name.length < NAMES - 1 ? name.padEnd(NAMES) : `${name}\n  ${' '.repeat(NAMES)}`}${doc}\n`

const appHelp = ({ name, doc }: AppEntry): string => {
  const own = settingsHelp(name)
  return `\n${name}: ${doc}\n${own || '  No settings of its own.\n'}`
}

const commandName = ({ name, usage }: CommandEntry): string => `${name} ${usage}`.trim()

/** `whiply --help`: every app and command, and every setting. */
export const help = (): string =>
  [
    'whiply: live communities on an event log\n\nUsage: whiply <command> [--setting value …]\n\n',
    row('start [--processes]', 'Runs everything, engines too; with --processes each app in a process of its own.'),
    '\nOne app at a time, as in production (engines by KAFKA_BROKERS and DATABASE_URL):\n',
    ...apps.map(({ name, doc }) => row(name, doc)),
    '\nFor operators:\n',
    ...commands.map((command) => row(commandName(command), command.doc)),
    '\nEvery setting is a flag or an environment variable; the flag wins.\n',
    `\nAll commands\n${settingsHelp('all')}`,
    `\nstart\n${settingsHelp('launcher')}`,
    ...apps.map(appHelp),
  ].join('')

/** `whiply <app> --help` */
export const helpOfApp = (app: AppEntry): string =>
  `Usage: whiply ${app.name} [--setting value …]\n${appHelp(app)}\nAll commands\n${settingsHelp('all')}`

/** `whiply start --help` */
export const helpOfStart = (): string =>
  `Usage: whiply start [--processes] [--setting value …]\n\nstart\n${settingsHelp('launcher')}` +
  `${apps.map(appHelp).join('')}\nAll commands\n${settingsHelp('all')}`

/** `whiply <command> --help` */
export const helpOfCommand = (command: CommandEntry): string =>
  `Usage: whiply ${commandName(command)}\n\n${command.doc}\n\nAll commands\n${settingsHelp('all')}`
