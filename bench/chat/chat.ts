import { writeFile } from 'node:fs/promises'
import type { Bench, BenchOptions, BenchResult } from '../bench.ts'
import { cpuClocks, sharesOfACore } from '../cpu-clocks.ts'
import { comparePeers } from '../peers/chat/compare.ts'
import { openOwnChannel, registerPeople } from '../people.ts'
import { residentKib } from '../processes.ts'
import { projectorLagSeconds } from '../scrape.ts'
import { startWhiply } from '../whiply.ts'
import { type Crowd, openCrowd } from './crowd.ts'
import { type Floor, runBarePath, runFloor, talkersPerChannel } from './floors.ts'
import { type PhaseResult, runPhase } from './phase.ts'
import { plotPercentiles } from './plot.ts'

const audience = 100
const textBytes = 200
const lowRate = 10_000
const highRate = 40_000
const mostLagSeconds = 2
/** Whoever delivers later is not live any more. */
const liveP95Ms = 10
const risingRates = [2_500, 5_000, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000]
const rising = { warmUpSeconds: 2, seconds: 8 }
const percents = [0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99]

const round = (value: number, digits = 2): number => Number(value.toFixed(digits))
const p95 = ({ samples }: PhaseResult): number => round(samples.percentile(95))

type Plan = {
  readonly channels: number
  readonly audience: number
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly textBytes: number
}

/** The highest rate at which deliveries are live and none is missing; 0 where not even the lowest is held. */
const highestLive = async (crowd: Crowd, plan: Plan): Promise<number> => {
  let highest = 0
  for (const deliveriesPerSecond of risingRates) {
    const { samples, undelivered } = await runPhase(crowd, { ...plan, ...rising, deliveriesPerSecond })
    if (undelivered > 0 || samples.percentile(95) > liveP95Ms) break
    highest = deliveriesPerSecond
  }
  return highest
}

const run = async (options: BenchOptions): Promise<BenchResult> => {
  const { say } = options
  const plan: Plan = {
    channels: Math.ceil((options.clients ?? 2_000) / audience),
    audience,
    seconds: options.seconds ?? 60,
    warmUpSeconds: options.warmUpSeconds ?? 10,
    textBytes,
  }
  const rates = [lowRate, highRate] as const
  const tell = (name: string, { low, high }: Floor) =>
    say(`${name}: P95 ${p95(low)} ms at ${lowRate} deliveries/s, ${p95(high)} at ${highRate}`)
  const floor = await runFloor({ ...plan, rates })
  tell('floor', floor)
  const barePath = await runBarePath({ ...plan, rates })
  tell('bare path', barePath)
  const peers = await comparePeers({ ...plan, ...rising, rates: risingRates, p95Ms: liveP95Ms }, say)
  const whiply = await startWhiply(say)
  try {
    const people = await registerPeople(whiply.httpPort, plan.channels * talkersPerChannel)
    const channels = await Promise.all(
      Array.from({ length: plan.channels }, async (_, index) => {
        const talkers = people.slice(index * talkersPerChannel, (index + 1) * talkersPerChannel)
        const [owner] = talkers
        if (!owner) throw new Error('a channel without an owner')
        return { id: await openOwnChannel(whiply.httpPort, owner), tokens: talkers.map(({ token }) => token) }
      }),
    )
    const edge = whiply.pidOf('realtime-edge') ?? 0
    const emptyKib = residentKib(edge)
    const crowd = await openCrowd({ port: whiply.realtimePort, path: '/v1/live', channels, audience })
    const kibPerConnection = (residentKib(edge) - emptyKib) / (plan.channels * audience)
    say(`${plan.channels * audience} clients are connected`)

    const measured = async (deliveriesPerSecond: number) => {
      const startClocks = cpuClocks(whiply)
      let spentSince = startClocks()
      const onMeasure = () => {
        spentSince = startClocks()
      }
      const result = await runPhase(crowd, { ...plan, deliveriesPerSecond, onMeasure })
      const spent = spentSince()
      const shares = sharesOfACore(spent, plan.seconds)
      say(`${deliveriesPerSecond} deliveries/s: P95 ${p95(result)} ms; of a core: ${shares}`)
      return {
        ...result,
        cpuSeconds: spent.reduce((sum, { seconds }) => sum + seconds, 0),
        edgeCpuSeconds: spent.find(({ role }) => role === 'realtime-edge')?.seconds ?? 0,
      }
    }
    const low = await measured(lowRate)
    const high = await measured(highRate)
    const perMillion = (cpuSeconds: number, { measuredDeliveries }: PhaseResult) =>
      round((cpuSeconds / measuredDeliveries) * 1e6, 1)
    const highestDeliveriesPerSecond = await highestLive(crowd, plan)
    say(`P95 stays within ${liveP95Ms} ms up to ${highestDeliveriesPerSecond} deliveries/s`)

    const lagSeconds = await projectorLagSeconds(whiply)
    const { duplicated, outOfOrder, gapFrames, rejected, closes } = crowd.tally
    const lost = Math.max(crowd.lost(), low.undelivered + high.undelivered)
    crowd.close()
    for (const [code, count] of crowd.rejections) say(`${count} posts were rejected: ${code}`)
    if (lagSeconds > mostLagSeconds) say(`the projector lags by ${lagSeconds} s`)
    if (options.plot) {
      const curves = [
        { label: `${lowRate}/s`, points: low.samples.curve(percents) },
        { label: `${highRate}/s`, points: high.samples.curve(percents) },
        { label: `floor, ${lowRate}/s`, points: floor.low.samples.curve(percents) },
        { label: `bare path, ${lowRate}/s`, points: barePath.low.samples.curve(percents) },
      ]
      await writeFile(options.plot, plotPercentiles('Latency from post to delivery', curves))
    }
    return {
      figures: {
        deliveriesPerSecond: lowRate,
        p50Ms: round(low.samples.percentile(50)),
        p95Ms: p95(low),
        p99Ms: round(low.samples.percentile(99)),
        p95MsAt40k: p95(high),
        p99MsAt40k: round(high.samples.percentile(99)),
        lost,
        duplicated,
        outOfOrder,
        gapFrames,
        rejected,
        highestDeliveriesPerSecond,
        cpuSecondsPerMillion: perMillion(low.cpuSeconds, low),
        cpuSecondsPerMillionAt40k: perMillion(high.cpuSeconds, high),
        edgeCpuSecondsPerMillion: perMillion(high.edgeCpuSeconds, high),
        kibPerConnection: round(kibPerConnection, 1),
        floorP95Ms: p95(floor.low),
        floorP95MsAt40k: p95(floor.high),
        barePathP95Ms: p95(barePath.low),
        barePathP95MsAt40k: p95(barePath.high),
        projectorLagSeconds: round(lagSeconds),
        peers,
      },
      failed: lost + duplicated + outOfOrder + rejected + closes > 0 || lagSeconds > mostLagSeconds,
    }
  } finally {
    await whiply.stop()
  }
}

export const chatBench: Bench = {
  name: 'chat',
  summary:
    'Latency from client to client over the whole path, beside a bare fan-out server and a bare way through Kafka',
  run,
}
