import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '#libs/testing/until.ts'
import { brokenWorld, say } from './broken-world.fixtures.ts'

test('poisoned-command: the third attempt is its rejection, and what stands behind it is decided', async (t) => {
  const world = await brokenWorld(t)
  await world.owner()
  const commands = [say(), say('crash'), say(), say('crash'), say()]
  await world.send(...commands)
  await until(async () => (await world.outcomes()).length === commands.length)
  const outcomes = await world.outcomes()
  assert.deepEqual(
    outcomes.map(({ commandId }) => commandId),
    commands.map(({ id }) => id),
  )
  assert.deepEqual(
    outcomes.map(({ outcome }) => (outcome.kind === 'rejected' ? outcome.code : outcome.kind)),
    ['accepted', 'command.poisoned', 'accepted', 'command.poisoned', 'accepted'],
  )
  const attempts = (await world.entries()).filter((entry) => entry.kind === 'attempt')
  for (const poisoned of [commands[1], commands[3]])
    assert.ok(attempts.some((attempt) => attempt.commandId === poisoned?.id))
})
