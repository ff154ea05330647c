import { test } from 'node:test'
import { testEngines } from '#libs/testing/engines.ts'
import { until } from '#libs/testing/until.ts'
import { everyoneOwns } from '../owner/runtime/family.fixtures.ts'
import { brokenWorld, claimsIn } from './broken-world.fixtures.ts'

test('two-owners-at-once: both believe that they own the partition, and the log alone decides', async (t) => {
  const world = await brokenWorld(t)
  const { brokers } = await testEngines()
  const load = world.load()
  for (let owner = 0; owner < 2; owner++) await world.owner(everyoneOwns(world.connect(brokers), 1))
  await until(async () => {
    const owners = Map.groupBy(claimsIn(await world.entries()), (claim) => claim.kind === 'claim' && claim.owner)
    return owners.size === 2 && [...owners.values()].every((claims) => claims.length >= 2)
  })
  await world.decidedOnce(await load.stop())
})
