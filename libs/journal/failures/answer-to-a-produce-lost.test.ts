import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testEngines } from '#libs/testing/engines.ts'
import { kafkaProxy } from '#libs/testing/proxy.ts'
import { until } from '#libs/testing/until.ts'
import { brokenWorld, claimsIn } from './broken-world.fixtures.ts'

test('answer-to-a-produce-lost: the owner claims anew, finds its turn in the journal and goes on behind it', async (t) => {
  const world = await brokenWorld(t)
  const proxy = await kafkaProxy((await testEngines()).brokers[0] ?? '', t)
  const owner = await world.owner(world.connect(proxy.brokers))
  await until(owner.ready)
  const load = world.load()
  const claims = claimsIn(await world.entries()).length
  for (const fate of ['cut', 'drop', 'cut'] as const) {
    const decided = (await world.outcomes()).length
    let lost = false
    proxy.answers = ({ api }) => {
      if (api !== 'produce' || lost) return 'pass'
      lost = true
      return fate
    }
    await until(() => lost)
    await until(async () => (await world.outcomes()).length > decided + 20)
  }
  await world.decidedOnce(await load.stop())
  assert.ok(claimsIn(await world.entries()).length >= claims + 3)
})
