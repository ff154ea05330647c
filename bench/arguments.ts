import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** Ends the process with the reason and how it is to be called: exit code 2. */
const refuse = (reason: string, usage: string): never => {
  process.stderr.write(`${reason}\n\n${usage}`)
  process.exit(2)
}

/** What a bench or drill was called with; where it cannot be called so, the process ends and says why. */
export const readArguments = <Options extends ParseArgsOptionsConfig>(options: Options, usage: string) => {
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), usage)
  }
}

/** A number of an option, undefined where it was not given. */
export const readNumber = (name: string, text: string | undefined, usage: string): number | undefined => {
  if (text === undefined) return undefined
  const number = Number(text)
  return number >= 0 && Number.isFinite(number) && text.trim() !== ''
    ? number
    : refuse(`--${name} takes a number`, usage)
}
