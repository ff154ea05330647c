import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testEngines } from '#libs/testing/engines.ts'
import { kafkaProxy, passAll } from '#libs/testing/proxy.ts'
import { until } from '#libs/testing/until.ts'
import { brokenWorld, claimsIn, say } from './broken-world.fixtures.ts'

test('zombie-owner-writes-late: what a frozen owner had on its way is void when it comes after its successor', async (t) => {
  const world = await brokenWorld(t)
  const proxy = await kafkaProxy((await testEngines()).brokers[0] ?? '', t)
  const zombie = await world.ownerProcess(proxy.brokers)
  const before = [say(), say()]
  await world.send(...before)
  await world.decidedOnce(before)

  // Its next turn leaves the process and gets no further than the proxy.
  const late = Promise.withResolvers<void>()
  const held = proxy.count('produce')
  proxy.requests = ({ api }) => (api === 'produce' ? late.promise : 'pass')
  const disputed = say()
  await world.send(disputed)
  await until(() => proxy.count('produce') > held)
  zombie.kill('SIGSTOP')

  await world.owner()
  await world.decidedOnce([...before, disputed])
  const claimed = claimsIn(await world.entries()).length
  const end = (await world.entries()).length
  late.resolve()
  proxy.requests = passAll
  await until(async () => (await world.entries()).length > end, { what: 'the late write' })
  const [written] = (await world.entries()).slice(end)
  assert.ok(written?.kind === 'outcome' && written.commandId === disputed.id, 'the zombie has written its turn')

  zombie.kill('SIGCONT')
  const after = [say(), say()]
  await world.send(...after)
  await world.decidedOnce([...before, disputed, ...after])
  assert.ok(claimed >= 2)
})
