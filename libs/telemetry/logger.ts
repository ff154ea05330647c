import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** Paths that are masked wherever they turn up in a log line, should a secret ever ride in an object that is logged. */
const secrets = ['password', 'token', 'secret', 'cookie', 'authorization', 'masterKey']

let everyonesDestination: DestinationStream | undefined

/** Where the loggers made from here on write; the launcher gives a file where stdout is a person's terminal. */
export const logTo = (destination: DestinationStream): void => {
  everyonesDestination = destination
}

/**
 * One structured line an event, on stdout unless another destination is given; for operators. Never logs personal
 * text: callers pass ids (`commandId`, `traceparent`), not contents.
 */
export const createLogger = (app: string, level: string, destination = everyonesDestination): Logger => {
  const options = {
    level,
    base: { app },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[masked]' },
  }
  return destination ? pino(options, destination) : pino(options)
}
