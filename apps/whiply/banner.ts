import type { Config } from '#libs/config/config.ts'
import type { Terminal } from './terminal.ts'

/** Over TCP, where it is spoken there, and over WebSocket. */
const ircAddresses = ({ publicRealtimeUrl, ircPort }: Config): string => {
  const { hostname } = new URL(publicRealtimeUrl)
  return [...(ircPort === 0 ? [] : [`irc://${hostname}:${ircPort}`]), `${publicRealtimeUrl}/`].join(' ')
}

/** What a person wants to know once everything runs. */
export const banner = (
  terminal: Terminal,
  config: Config,
  told: { readonly tookMs: number; readonly logFile: string | undefined; readonly integrators: string | undefined },
): void => {
  const { tookMs, logFile, integrators } = told
  const rows = [
    ['Chat', config.publicUrl],
    ['API', `${config.publicUrl}/docs`],
    ['Live socket', `${config.publicRealtimeUrl}/v1/live`],
    ['IRC', ircAddresses(config)],
    ...(config.rtmpPort === 0
      ? []
      : [['Live video', `rtmp://${new URL(config.publicUrl).hostname}:${config.rtmpPort}/live`]]),
    ['Schemas', config.schemaRegistryUrl],
    ...(integrators ? [['Integrators', `${integrators} (Kafka, SASL_PLAINTEXT, SCRAM-SHA-512)`]] : []),
    ['Metrics', `http://127.0.0.1:${config.metricsPort}/metrics`],
    ['Data', config.data],
    ...(logFile ? [['Log', logFile]] : []),
  ]
  terminal.line()
  terminal.line(`  whiply is running, after ${(tookMs / 1000).toFixed(1)} s. Ctrl-C stops it.`)
  terminal.line()
  for (const [what = '', where] of rows) terminal.line(`    ${what.padEnd(13)}${where}`)
  terminal.line()
}
