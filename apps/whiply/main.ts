import { ConfigError, readArguments, readConfig } from '#libs/config/config.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { endWithLauncher, tellLauncher } from './app-process.ts'
import { type AppEntry, apps } from './apps.ts'
import { type CommandEntry, commands } from './commands.ts'
import { keepCompiled } from './compile-cache.ts'
import { help, helpOfApp, helpOfCommand, helpOfStart } from './help.ts'
import { appPorts, assertPortsDiffer, assertPortsFree } from './ports.ts'
import { reachEngines } from './reach-engines.ts'
import { aborted, listenForShutdown } from './shutdown.ts'
import { createTerminal } from './terminal.ts'
import { forApp, forCommand, forKafkaCommand } from './with-engines.ts'

/** The command line: `whiply <command> [words] [--setting value]`. */

const terminal = createTerminal(process.stderr)
const exitAtOnce = () => process.exit(1)

const print = (text: string): number => {
  process.stdout.write(text)
  return 0
}

const runStart = async (args: readonly string[]): Promise<number> => {
  const { flags } = readArguments(args.filter((argument) => argument !== '--processes'))
  const { start } = await import('./start.ts')
  await start(readConfig(process.env, flags), { processes: args.includes('--processes') })
  return Number(process.exitCode ?? 0)
}

const runApp = async (app: AppEntry, args: readonly string[]): Promise<number> => {
  const shutdown = listenForShutdown(exitAtOnce)
  endWithLauncher(shutdown.request)
  let isStarted = false
  try {
    const config = await forApp(readConfig(process.env, readArguments(args).flags))
    const ports = appPorts([app], config, 1)
    assertPortsDiffer(ports)
    await assertPortsFree(ports, 0)
    // A launcher has waited for them already.
    if (!process.connected) await reachEngines(config, shutdown.signal)
    const { runApps } = await import('./run-apps.ts')
    const running = await runApps([app], config, `whiply-${app.name}`, shutdown.signal)
    isStarted = true
    createLogger(app.name, config.logLevel).info({ metricsPort: config.metricsPort }, 'started')
    tellLauncher({ type: 'started' })
    keepCompiled()
    await aborted(shutdown.signal)
    await running.close()
    return 0
  } catch (error) {
    // Whoever is told to end while still starting has not failed.
    if (!isStarted && shutdown.signal.aborted) return 0
    tellLauncher({ type: 'failed', message: (error as Error).message })
    throw error
  }
}

const runCommand = async (command: CommandEntry, args: readonly string[]): Promise<number> => {
  const shutdown = listenForShutdown(exitAtOnce)
  const { flags, words, options } = readArguments(args, command.options)
  const config = readConfig(process.env, flags)
  const refused = await command.refuse?.(words)
  if (refused !== undefined) {
    terminal.error(refused)
    return 2
  }
  const needs = typeof command.needsEngines === 'function' ? command.needsEngines(options) : command.needsEngines
  if (!needs) return command.run(config, words, shutdown.signal, options)
  const withEngines = needs === 'kafka' ? forKafkaCommand : forCommand
  return withEngines(config, terminal, (full) => command.run(full, words, shutdown.signal, options))
}

const dispatch = async (argv: readonly string[]): Promise<number> => {
  const wantsHelp = argv.includes('--help') || argv.includes('-h')
  const [first = ''] = argv
  const rest = argv.slice(1)
  if (first === 'start') return wantsHelp ? print(helpOfStart()) : runStart(rest)
  // Before the apps: `projector rebuild` begins with the name of one.
  const command = commands.find(({ name }) => name.split(' ').every((word, index) => argv[index] === word))
  if (command)
    return wantsHelp ? print(helpOfCommand(command)) : runCommand(command, argv.slice(command.name.split(' ').length))
  const app = apps.find(({ name }) => name === first)
  if (app && wantsHelp) return print(helpOfApp(app))
  if (app && readArguments(rest).words.length === 0) return runApp(app, rest)
  if (wantsHelp || first === '' || first === 'help') return print(help())
  const words = argv.filter((word) => !word.startsWith('-')).join(' ')
  if (words === '') throw new ConfigError(`A command comes before ${first}. See: whiply --help`)
  throw new ConfigError(`There is no command "${words}". See: whiply --help`)
}

/** An error with a code of ours was written for people; of anything else the stack says where it came from. */
const inWords = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const isOurs = 'code' in error && /^[a-z]+\.[a-z_]+$/.test(String(error.code))
  return isOurs ? error.message : (error.stack ?? error.message)
}

try {
  process.exitCode = await dispatch(process.argv.slice(2))
} catch (error) {
  terminal.error(inWords(error))
  process.exitCode = 1
}
// What still waits now was forgotten by somebody; the work is done.
process.exit()
