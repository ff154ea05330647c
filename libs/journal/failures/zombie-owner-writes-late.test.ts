import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { testEngines } from '#libs/testing/engines.ts'
import { kafkaProxy, passAll } from '#libs/testing/proxy.ts'
import { until } from '#libs/testing/until.ts'
import { brokenWorld, say } from './broken-world.fixtures.ts'

/** A frozen owner whose next turn has left it and gets no further than a proxy, until it is released. */
const zombieIn = async (t: TestContext) => {
  const world = await brokenWorld(t)
  const broker = (await testEngines()).brokers[0] ?? ''
  const proxy = await kafkaProxy(broker, t)
  const zombie = await world.ownerProcess(proxy.brokers)
  const before = [say(), say()]
  await world.send(...before)
  await world.decidedOnce(before)

  const late = Promise.withResolvers<void>()
  const produced = proxy.count('produce')
  proxy.requests = ({ api }) => (api === 'produce' ? late.promise : 'pass')
  const disputed = say()
  await world.send(disputed)
  await until(() => proxy.count('produce') > produced)
  zombie.kill('SIGSTOP')

  /** Lets the held turn reach the journal, and sees it there. */
  const writeLate = async (): Promise<void> => {
    const end = (await world.entries()).length
    late.resolve()
    proxy.requests = passAll
    await until(async () => (await world.entries()).length > end, { what: 'the late write' })
    const written = (await world.entries())[end]
    assert.ok(written?.kind === 'outcome' && written.commandId === disputed.id, 'the zombie has written its turn')
  }

  const wake = (): void => {
    zombie.kill('SIGCONT')
  }

  return { world, broker, decided: [...before, disputed], disputed, writeLate, wake }
}

test('zombie-owner-writes-late: behind a turn of its successor, its own is void', async (t) => {
  const { world, decided, writeLate, wake } = await zombieIn(t)
  await world.owner()
  await world.decidedOnce(decided)
  await writeLate()
  wake()
  const after = [say(), say()]
  await world.send(...after)
  await world.decidedOnce([...decided, ...after])
})

test('zombie-owner-writes-late: between the claim and the first turn of its successor, its own is void', async (t) => {
  const { world, broker, decided, disputed, writeLate, wake } = await zombieIn(t)
  const proxy = await kafkaProxy(broker, t)
  const first = Promise.withResolvers<void>()
  proxy.requests = ({ api, nth }) => (api === 'produce' && nth > 0 ? first.promise : 'pass')
  await world.owner(world.connect(proxy.brokers))
  await until(() => proxy.count('produce') > 1, { what: 'the first turn of the successor' })
  // It carries the very `n` that comes next: only its claim makes it void.
  await writeLate()
  first.resolve()
  proxy.requests = passAll
  await world.decidedOnce(decided)
  const claim = (await world.entries()).findLastIndex(({ kind }) => kind === 'claim')
  const outcome = (await world.outcomes()).find(({ commandId }) => commandId === disputed.id)
  assert.equal(outcome?.claim, claim)
  wake()
  const after = [say(), say()]
  await world.send(...after)
  await world.decidedOnce([...decided, ...after])
})
