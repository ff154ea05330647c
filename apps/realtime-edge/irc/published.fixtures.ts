import { createRequire } from 'node:module'

/** What the tests use of tmi.js, which brings no types. */
export type TmiClient = {
  readonly connect: () => Promise<unknown>
  readonly disconnect: () => Promise<unknown>
  readonly join: (channel: string) => Promise<unknown>
  readonly part: (channel: string) => Promise<unknown>
  readonly say: (channel: string, text: string) => Promise<unknown>
  readonly action: (channel: string, text: string) => Promise<unknown>
  readonly whisper: (nick: string, text: string) => Promise<unknown>
  readonly ping: () => Promise<unknown>
  readonly getUsername: () => string
  readonly getChannels: () => readonly string[]
  readonly on: (event: string, listener: (...values: readonly never[]) => void) => void
  readonly once: (event: string, listener: (...values: readonly never[]) => void) => void
}

type Tmi = { readonly Client: new (options: object) => TmiClient }

/** What the tests use of irc-framework, which brings no types. */
export type FrameworkClient = {
  readonly user: { readonly nick: string }
  readonly connect: () => void
  readonly join: (channel: string) => void
  readonly part: (channel: string) => void
  readonly say: (target: string, text: string) => void
  readonly action: (target: string, text: string) => void
  readonly quit: (text: string) => void
  readonly raw: (...words: readonly string[]) => void
  readonly requestCap: (capability: string) => void
  readonly once: (event: string, listener: (...values: readonly never[]) => void) => void
}

type Framework = { readonly Client: new (options: object) => FrameworkClient }

const require = createRequire(import.meta.url)

/** What tmi.js asks of twitch.tv over HTTP; nothing of it leaves the machine. It takes hold of `fetch` as it is loaded. */
export const askedElsewhere: unknown[] = []

const loadTmi = (): Tmi => {
  const own = globalThis.fetch
  globalThis.fetch = async (...asked: readonly unknown[]) => {
    askedElsewhere.push(asked)
    return new Response('{}')
  }
  try {
    return require('tmi.js')
  } finally {
    globalThis.fetch = own
  }
}

export const tmi: Tmi = loadTmi()
export const framework: Framework = require('irc-framework')
/** The transport that irc-framework has for browsers; it stands on the WebSocket of the platform. */
export const frameworkOverWebSocket: unknown = require('irc-framework/src/transports/websocket.js')

const DEADLINE_MS = 30_000

/** Resolves with the next values of an event; rejects after 30 s. */
export const next = (client: TmiClient | FrameworkClient, event: string): Promise<readonly unknown[]> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${event} within 30 s`)), DEADLINE_MS)
    client.once(event, (...values: readonly unknown[]) => {
      clearTimeout(late)
      resolve(values)
    })
  })
