import { test } from 'node:test'
import { testEngines } from '#libs/testing/engines.ts'
import { kafkaProxy } from '#libs/testing/proxy.ts'
import { until } from '#libs/testing/until.ts'
import { brokenWorld } from './broken-world.fixtures.ts'

for (const [what, direction] of [
  ['before its turn is written', 'requests'],
  ['after its turn is written, before it knows', 'answers'],
] as const) {
  test(`decider-killed-mid-turn: ${what}, its successor decides what is left, once`, async (t) => {
    const world = await brokenWorld(t)
    const proxy = await kafkaProxy((await testEngines()).brokers[0] ?? '', t)
    const decider = await world.ownerProcess(proxy.brokers)
    const load = world.load()
    await until(async () => (await world.outcomes()).length > 20)
    let turns = 0
    proxy[direction] = ({ api }) => (api === 'produce' && ++turns > 0 ? 'drop' : 'pass')
    await until(() => turns > 0)
    decider.kill('SIGKILL')
    const decided = (await world.outcomes()).length
    await world.owner()
    await until(async () => (await world.outcomes()).length > decided)
    await world.decidedOnce(await load.stop())
  })
}
