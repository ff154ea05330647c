import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runningEngines } from '#apps/whiply/engines.ts'
import { memoryOf } from '#apps/whiply/process-memory.ts'
import { readConfig } from '#libs/config/config.ts'
import { loadMasterKey } from '#libs/config/master-key.ts'
import { openVault } from '#libs/vault/open.ts'
import type { Bench, BenchOptions, BenchResult } from '../bench.ts'
import { cpuClocks, sharesOfACore } from '../cpu-clocks.ts'
import { registerPeople } from '../people.ts'
import { residentKib } from '../processes.ts'
import { type RunningWhiply, startWhiply } from '../whiply.ts'
import { type Ask, type LoadOptions, type LoadResult, runLoad } from './load.ts'
import { runLogins } from './logins.ts'
import { startPeer } from './peer.ts'
import { openSessions, revokeSome } from './people.ts'
import { askSession, type Expected, peerTokens, whiplyTokens } from './tokens.ts'

const TOKENS = 10_000
const CONNECTIONS = 32
const PEOPLE = 100
const VERIFIES_BESIDE_LOGINS = 500

/** Asks them in turn, round and round. */
const inTurn = (expected: readonly Expected[]): (() => Ask | undefined) => {
  const asks = expected.map(askSession)
  let turn = 0
  return () => asks[turn++ % asks.length]
}

/** Each of them once. */
const once = (expected: readonly Expected[]): (() => Ask | undefined) => {
  const asks = expected.map(askSession)
  let turn = 0
  return () => asks[turn++]
}

/** The vault of a whiply that runs, by what its launcher left in its data folder. */
const openVaultOf = async ({ data }: RunningWhiply) => {
  const masterKey = (await loadMasterKey({ ...readConfig({}), data }, true)).masterKey
  const engines = await runningEngines({ ...readConfig({}), data })
  if (!engines) throw new Error('whiply has left no addresses of its engines')
  return openVault({ databaseUrl: engines.databaseUrl, masterKey, connections: 8 })
}

/** Passwords a second that a process which does nothing else verifies, with memory as the edge has it. */
const argon2Limit = async (seconds: number): Promise<number> => {
  const { nodeArguments, environment } = memoryOf('http-edge')
  const words = [...nodeArguments, join(import.meta.dirname, 'argon2-limit.ts'), String(seconds)]
  const env = { ...environment, ...process.env }
  const { stdout } = await promisify(execFile)(process.execPath, words, { env })
  return Number(stdout)
}

const round = (value: number, digits = 2): number => Number(value.toFixed(digits))

const run = async ({ say, seconds = 10, warmUpSeconds = 3 }: BenchOptions): Promise<BenchResult> => {
  const limit = await argon2Limit(seconds)
  say(`argon2id alone: ${round(limit)} passwords/s`)
  const whiply = await startWhiply(say)
  const vault = await openVaultOf(whiply)
  try {
    const people = await registerPeople(whiply.httpPort, PEOPLE)
    const opened = await openSessions(vault, people, TOKENS)
    const claims = opened.map((session) => session.claims)
    await revokeSome(whiply.httpPort, opened)
    const tokens = await whiplyTokens(vault, claims, Date.now())

    const load = async (name: string, options: Omit<LoadOptions, 'connections'>): Promise<LoadResult> => {
      const result = await runLoad({ connections: CONNECTIONS, ...options })
      const { perSecond, p50Ms, p95Ms, wrong, wrongStatuses } = result
      const wrongs = wrong > 0 ? `, ${wrong} wrong (${wrongStatuses.join(', ')})` : ''
      say(`${name}: ${Math.round(perSecond)}/s, P50 ${round(p50Ms)} ms, P95 ${round(p95Ms)} ms${wrongs}`)
      return result
    }
    const port = whiply.httpPort
    const uncached = await load('verify, each token once', { port, seconds: 60, warmUpSeconds: 0, next: once(tokens) })
    const most = await load('verify', { port, seconds, warmUpSeconds, next: inTurn(tokens) })
    const half = await load('verify at half of that', {
      port,
      seconds,
      warmUpSeconds,
      next: inTurn(tokens),
      perSecond: most.perSecond / 2,
    })
    const edge = whiply.pidOf('http-edge')
    const edgeMiB = residentKib(edge ?? 0) / 1024
    say(`http-edge: ${round(edgeMiB, 1)} MiB`)

    const beside = load('verify beside logins', {
      port,
      seconds: seconds + 2,
      warmUpSeconds: 1,
      next: inTurn(tokens),
      perSecond: VERIFIES_BESIDE_LOGINS,
    })
    const spent = cpuClocks(whiply)()
    const logins = await runLogins(port, people, seconds)
    const shares = sharesOfACore(spent(), seconds)
    say(`logins: ${round(logins.perSecond)}/s, ${logins.failed} failed; of a core: ${shares}`)
    const verifyBeside = await beside

    const key = 'the key of the peer, 32 bytes long'
    const peer = await startPeer(whiply.data, key)
    const ofPeer = peerTokens(key, claims, Date.now())
    for (const [index, { sessionId }] of claims.entries()) if (!ofPeer[index]?.sessionId) await peer.revoke(sessionId)
    const peerMost = await load('peer', { port: peer.port, seconds, warmUpSeconds, next: inTurn(ofPeer) })
    peer.stop()

    const wrongAnswers = [uncached, most, half, verifyBeside, peerMost].reduce((sum, { wrong }) => sum + wrong, 0)
    return {
      figures: {
        verifyPerSecond: Math.round(most.perSecond),
        verifyUncachedPerSecond: Math.round(uncached.perSecond),
        peerVerifyPerSecond: Math.round(peerMost.perSecond),
        verifyP95Ms: round(half.p95Ms),
        wrongAnswers,
        loginShareOfLimit: round(logins.perSecond / limit),
        loginsPerSecond: round(logins.perSecond),
        argon2PerSecond: round(limit),
        verifyP95MsBesideLogins: round(verifyBeside.p95Ms),
        edgeMiB: round(edgeMiB, 1),
      },
      failed: wrongAnswers > 0 || logins.failed > 0,
    }
  } finally {
    await vault.close()
    await whiply.stop()
  }
}

export const authBench: Bench = {
  name: 'auth',
  summary: 'Verifications of tokens and logins a second, beside a peer in Go',
  run,
}
