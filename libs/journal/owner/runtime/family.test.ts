import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { until } from '#libs/testing/until.ts'
import { decodeEntry, encodeEntry } from '../../envelope.ts'
import { commandTopic, journalTopic } from '../../families.ts'
import { post, timeOut, tinySecrets } from '../../family.fixtures.ts'
import { uuidv7 } from '../../ids.ts'
import type { Log } from '../../log.ts'
import type { AppendFault } from '../../memory/faults.ts'
import { everyoneOwns, type RoomPlatform, roomPlatform } from './family.fixtures.ts'
import type { FamilyOwner } from './family.ts'

const say = (text: string) => post(text, { id: uuidv7() })
const kinds = (platform: RoomPlatform) => platform.outcomes().map(({ outcome }) => outcome.kind)
const codes = (platform: RoomPlatform) =>
  platform.outcomes().map(({ outcome }) => (outcome.kind === 'rejected' ? outcome.code : outcome.kind))

const closing = async (t: TestContext, owner: Promise<FamilyOwner>): Promise<FamilyOwner> => {
  const open = await owner
  t.after(open.close)
  return open
}

/** A group of one member that is told its assignment by the test. */
const assignedByHand = (log: Log) => {
  let tell: (partitions: readonly number[]) => void = () => {}
  const over: Log = {
    ...log,
    join: async ({ topics, onAssignment }) => {
      tell = (partitions) => onAssignment(new Map(topics.map((topic) => [topic, partitions])))
      tell([0])
      return { leave: async () => {}, refuse: () => {} }
    },
  }
  return { over, assign: (partitions: readonly number[]) => tell(partitions) }
}

test('commands become outcomes, one each, in their order', async (t) => {
  const platform = await roomPlatform()
  const commands = Array.from({ length: 1_200 }, (_, index) => say(`message ${index}`))
  await platform.send(...commands)
  const owner = await closing(t, platform.owner())
  await until(() => platform.outcomes().length === 1_200)
  assert.deepEqual(
    platform.outcomes().map(({ commandId }) => commandId),
    commands.map(({ id }) => id),
  )
  await until(owner.ready)
  assert.equal(platform.journal().filter(({ kind }) => kind === 'claim').length, 1)
})

test('an owner that starts goes on where the last one ended, and repeats nothing', async (t) => {
  const platform = await roomPlatform()
  const first = await platform.owner()
  const [a, b] = [say('a'), say('b')]
  await platform.send(a)
  await until(() => platform.outcomes().length === 1)
  await first.close()
  await platform.send(a, b)
  await closing(t, platform.owner())
  await until(() => platform.outcomes().length === 3)
  assert.deepEqual(kinds(platform), ['accepted', 'repeated', 'accepted'])
})

test('a planned stop answers what is in flight, begins no more, and only then leaves its seat to a successor', async (t) => {
  const platform = await roomPlatform()
  const client = platform.log.connect()
  const steps: string[] = []
  const held = Promise.withResolvers<void>()
  const over: Log = {
    ...client,
    appender: async () => {
      const appender = await client.appender()
      const append: typeof appender.append = async (topic, partition, records) => {
        const [kind = ''] = records.map(
          (record) => decodeEntry({ ...record, offset: 0, timestamp: 0, headers: {} }).kind,
        )
        steps.push(`${kind} sent`)
        if (kind === 'outcome') await held.promise
        const offset = await appender.append(topic, partition, records)
        steps.push(`${kind} acknowledged`)
        return offset
      }
      return { ...appender, append }
    },
    join: async (options) => {
      const { leave, refuse } = await client.join(options)
      const leaves = async () => {
        steps.push('left')
        await leave()
      }
      return { leave: leaves, refuse }
    },
  }
  const owner = await platform.owner({ over })
  await until(owner.ready)
  await closing(t, platform.owner())
  await platform.send(say('in flight'))
  await until(() => steps.includes('outcome sent'))
  await platform.send(say('for the successor'))
  await until(() => owner.status().get(0)?.queued === 2)
  const closed = owner.close()
  await new Promise(setImmediate)
  assert.equal(steps.includes('left'), false)
  held.resolve()
  await closed
  assert.deepEqual(steps, ['claim sent', 'claim acknowledged', 'outcome sent', 'outcome acknowledged', 'left'])
  await until(() => platform.outcomes().length === 2)
  assert.deepEqual(
    platform.journal().map(({ kind }) => kind),
    ['claim', 'outcome', 'claim', 'outcome'],
  )
})

test('two-owners-at-once: the log arbitrates, every command has one outcome', async (t) => {
  const platform = await roomPlatform()
  const both = [0, 1].map(() => platform.owner({ over: everyoneOwns(platform.log.connect(), 1) }))
  for (const owner of both) await closing(t, owner)
  const commands = Array.from({ length: 60 }, () => say('x'))
  for (const command of commands) await platform.send(command)
  await until(() => platform.outcomes().length === commands.length)
  assert.deepEqual(new Set(kinds(platform)), new Set(['accepted']))
  assert.ok(platform.journal().filter(({ kind }) => kind === 'claim').length > 1)
})

test('whatever befalls its appends, every command gets its one outcome', async () => {
  const fault = fc.option(fc.constantFrom<AppendFault>('lost', 'unanswered', 'doubled', 'late', 'rejected'), {
    nil: undefined,
    freq: 2,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 12 }), async (faults) => {
      const platform = await roomPlatform()
      const over = platform.log.connect({ append: ({ nth }) => faults[nth] })
      const owner = await platform.owner({ over })
      const commands = Array.from({ length: 8 }, () => say('x'))
      for (const command of commands) await platform.send(command)
      await until(() => platform.log.releaseLate() || platform.outcomes().length === commands.length)
      await until(() => platform.outcomes().length === commands.length)
      assert.deepEqual(
        platform.outcomes().map(({ commandId }) => commandId),
        commands.map(({ id }) => id),
      )
      await owner.close()
    }),
    { numRuns: 25 },
  )
})

test('a reader that loses records on their way reads them again', async (t) => {
  const platform = await roomPlatform()
  const faults = ['hole', 'jump', 'redelivery', 'stall', 'out-of-range'] as const
  const over = platform.log.connect({ fetch: ({ nth }) => faults[nth % 7] })
  await closing(t, platform.owner({ over }))
  for (let sent = 0; sent < 30; sent++) await platform.send(say('x'))
  await until(() => platform.outcomes().length === 30)
  assert.equal(platform.journal().filter(({ kind }) => kind === 'claim').length, 1)
})

test('partitions are shared out among owners, and taken over from one that leaves', async (t) => {
  const platform = await roomPlatform({}, 4)
  const first = await platform.owner()
  await until(() => first.ready() && first.status().size === 4)
  const second = await closing(t, platform.owner())
  await until(() => second.ready() && second.status().size === 2)
  await until(() => [...first.status().values()].filter(({ assigned }) => assigned).length === 2)
  await first.close()
  await until(() => second.ready() && [...second.status().values()].filter(({ assigned }) => assigned).length === 4)
})

test('an owner restores the newest snapshot and reads on from it', async (t) => {
  const platform = await roomPlatform()
  const first = await platform.owner({ timings: { snapshotRecords: 10 } })
  const said = say('once')
  await platform.send(said)
  for (let sent = 1; sent < 25; sent++) await platform.send(say('x'))
  await until(async () => platform.outcomes().length === 25 && (await platform.objects.list('snapshots/')).length > 0)
  await first.close()

  const reads: number[] = []
  const over = platform.log.connect()
  const watched = {
    ...over,
    tail: async (...[topics, handlers]: Parameters<typeof over.tail>) => {
      const tail = await over.tail(topics, handlers)
      const read: typeof tail.read = (topic, partition, from) => {
        reads.push(from)
        tail.read(topic, partition, from)
      }
      return { ...tail, read }
    },
  }
  const second = await closing(t, platform.owner({ over: watched }))
  await until(second.ready)
  assert.ok((reads[0] ?? 0) >= 10, `read from ${reads[0]} on`)
  await platform.send(said)
  await until(() => platform.outcomes().length === 26)
  assert.equal(kinds(platform).at(-1), 'repeated', 'the window came with the snapshot')
})

test('a snapshot is written after ten minutes too, however little was decided', async (t) => {
  let passed = 0
  const now = () => Date.now() + passed
  const platform = await roomPlatform({ now })
  const owner = await closing(t, platform.owner({ now }))
  const snapshots = async () => (await platform.objects.list('snapshots/')).length
  const decided = async (count: number) => {
    await platform.send(say('x'))
    await until(() => owner.status().get(0)?.n === count)
  }
  for (const count of [1, 2]) {
    await decided(count)
    assert.equal(await snapshots(), count - 1)
    passed += 10 * 60_000
    await until(async () => (await snapshots()) === count)
  }
})

test('a snapshot that names another record is passed over', async (t) => {
  const elsewhere = await roomPlatform()
  const other = await elsewhere.owner({ timings: { snapshotRecords: 5 } })
  for (let sent = 0; sent < 8; sent++) await elsewhere.send(say('elsewhere'))
  await until(async () => elsewhere.outcomes().length === 8 && (await elsewhere.objects.list('snapshots/')).length > 0)
  await other.close()
  const [name = ''] = await elsewhere.objects.list('snapshots/')

  const platform = await roomPlatform()
  const bytes = (await elsewhere.objects.get(name)) ?? assert.fail('a snapshot')
  await platform.objects.put(name.replace(elsewhere.meta.logId, platform.meta.logId), bytes)
  await platform.send(say('here'))
  const owner = await closing(t, platform.owner())
  await until(() => owner.status().get(0)?.n === 1)
  assert.equal(platform.outcomes().length, 1)
  const outcome = platform.outcomes()[0]?.outcome
  assert.ok(outcome?.kind === 'accepted' && outcome.summary.seq === 1)
})

test('a snapshot that the journal just does not reach any more is removed, and what is left is read', async (t) => {
  const platform = await roomPlatform()
  const first = await platform.owner({ timings: { snapshotRecords: 5 } })
  for (let sent = 0; sent < 8; sent++) await platform.send(say('x'))
  await until(async () => platform.outcomes().length === 8 && (await platform.objects.list('snapshots/')).length > 0)
  await first.close()
  const names = await platform.objects.list('snapshots/')
  const [end = 0] = names.map((name) => Number(/\/(\d{16})\./.exec(name)?.[1])).sort((a, b) => a - b)
  platform.log.setBack(journalTopic('channel'), 0, end)

  const owner = await closing(t, platform.owner({ timings: { snapshotRecords: 1_000 } }))
  await until(() => platform.outcomes().length === 8 && owner.ready())
  assert.deepEqual(await platform.objects.list('snapshots/'), [])
})

test('a snapshot that cannot be read is passed over', async (t) => {
  const platform = await roomPlatform()
  const name = `snapshots/${platform.meta.logId}/channel/0/0000000000000007.1.v1.jsonl.gz`
  await platform.objects.put(name, Buffer.from('garbage'))
  await platform.send(say('x'))
  await closing(t, platform.owner())
  await until(() => platform.outcomes().length === 1)
})

test('an aggregate whose moment has passed gets its due command, once', async (t) => {
  const platform = await roomPlatform()
  const owners = [0, 1].map(() => platform.owner({ over: everyoneOwns(platform.log.connect(), 1) }))
  for (const owner of owners) await closing(t, owner)
  await platform.send(timeOut('7', 30, { id: uuidv7() }))
  await until(() => platform.outcomes().some(({ commandType }) => commandType === 'EndTimeouts'))
  await platform.send(say('later'))
  await until(() => platform.outcomes().some(({ commandType }) => commandType === 'PostMessage'))
  const due = platform.outcomes().filter(({ commandType }) => commandType === 'EndTimeouts')
  assert.equal(due.filter(({ outcome }) => outcome.kind === 'accepted').length, 1)
  assert.equal(due[0]?.principal, 'manager/clock')
})

test('a due time that passed while nobody owned is found in the restored state', async (t) => {
  const platform = await roomPlatform()
  const first = await platform.owner()
  await platform.send(timeOut('7', 20, { id: uuidv7() }))
  await until(() => platform.outcomes().length === 1)
  await first.close()
  await closing(t, platform.owner())
  await until(() => platform.outcomes().some(({ commandType }) => commandType === 'EndTimeouts'))
})

test('poisoned-command: it is given up, and the others go on', async (t) => {
  const platform = await roomPlatform()
  await closing(t, platform.owner())
  await platform.send(say('a'), say('crash'), say('b'))
  await until(() => platform.outcomes().length === 3)
  assert.deepEqual(codes(platform), ['accepted', 'command.poisoned', 'accepted'])
  assert.equal(platform.journal().filter((entry) => entry.kind === 'attempt' && entry.attempt === 2).length, 1)
})

test('commands-aged-out: the owner goes on at the first one left, and its claim says so', async (t) => {
  const platform = await roomPlatform()
  await platform.send(say('a'), say('b'), say('c'))
  platform.log.trim(commandTopic('channel'), 0, 2)
  await closing(t, platform.owner())
  await until(() => platform.outcomes().length === 1)
  assert.equal(platform.outcomes()[0]?.commandOffset, 2)
  const [claim] = platform.journal()
  assert.ok(claim?.kind === 'claim')
  assert.deepEqual(claim.agedOut, { from: 0, to: 2 })
})

/** Three commands are decided, and all but the first of them are lost from their topic. */
const lostCommands = async (t: TestContext, owner: 'owns' | 'ended') => {
  const platform = await roomPlatform()
  const first = await closing(t, platform.owner())
  const [kept, ...lost] = [say('kept'), say('lost'), say('lost')] as const
  await platform.send(kept, ...lost)
  await until(() => first.status().get(0)?.n === 3)
  if (owner === 'ended') await first.close()
  platform.log.setBack(commandTopic('channel'), 0, 1)
  return { platform, kept, lost }
}

/** What came after a loss is decided, and what had been decided before it is not done again. */
const decidedAfterLoss = async (platform: RoomPlatform, commands: readonly { readonly id: string }[]) => {
  const ids = () => platform.outcomes().map(({ commandId }) => commandId)
  await until(() => commands.every(({ id }) => ids().includes(id)))
  const accepted = platform.outcomes().filter(({ outcome }) => outcome.kind === 'accepted')
  assert.equal(new Set(accepted.map(({ commandId }) => commandId)).size, accepted.length)
  assert.equal(accepted.length, 3 + commands.length)
  const claim = platform.journal().findLast((entry) => entry.kind === 'claim')
  assert.deepEqual(claim?.kind === 'claim' && claim.agedOut, { from: 3, to: 0 })
}

test('where commands that were decided are lost, an owner that starts decides those that come in their place', async (t) => {
  const { platform } = await lostCommands(t, 'ended')
  const later = [say('later'), say('later')]
  await platform.send(...later.slice(0, 1))
  const owner = await closing(t, platform.owner())
  await platform.send(...later.slice(1))
  await decidedAfterLoss(platform, later)
  await until(owner.ready)
})

test('where others have come in the place of lost commands before anybody looks, they are decided too', async (t) => {
  const { platform } = await lostCommands(t, 'ended')
  const later = Array.from({ length: 5 }, () => say('later'))
  await platform.send(...later)
  const owner = await closing(t, platform.owner())
  await decidedAfterLoss(platform, later)
  await until(owner.ready)
})

test('where commands are lost under their owner, it decides those that come in their place', async (t) => {
  const { platform } = await lostCommands(t, 'owns')
  const later = [say('later'), say('later')]
  await platform.send(...later)
  await decidedAfterLoss(platform, later)
})

test('an owner whose journal loses what it has read starts anew from what is left', async (t) => {
  const platform = await roomPlatform()
  const owner = await closing(t, platform.owner())
  const commands = [say('a'), say('b')]
  await platform.send(...commands)
  await until(() => owner.status().get(0)?.n === 2)
  platform.log.setBack(journalTopic('channel'), 0, 2)
  await until(() => owner.status().get(0)?.hindrance === 'journal.truncated')
  await until(() => platform.outcomes().length === 2 && owner.ready())
  assert.deepEqual(
    platform.outcomes().map(({ commandId }) => commandId),
    commands.map(({ id }) => id),
  )
})

test('what was acknowledged and is not in the journal, a claim or a turn, is not waited for', async (t) => {
  const platform = await roomPlatform()
  const client = platform.log.connect()
  const lost = [0, 2]
  let appends = 0
  const losing: Log = {
    ...client,
    appender: async () => {
      const appender = await client.appender()
      const append: typeof appender.append = async (topic, partition, records) =>
        lost.includes(appends++)
          ? ((await client.bounds(topic))[partition]?.end ?? 0)
          : appender.append(topic, partition, records)
      return { ...appender, append }
    },
  }
  await closing(t, platform.owner({ over: losing }))
  await platform.send(say('a'))
  await until(() => platform.outcomes().length === 1)
  assert.deepEqual(
    platform.journal().map(({ kind }) => kind),
    ['claim', 'claim', 'outcome'],
  )
})

test('a journal whose beginning has gone is given up', async (t) => {
  const platform = await roomPlatform()
  const first = await platform.owner()
  await platform.send(say('a'))
  await until(() => platform.outcomes().length === 1)
  await first.close()
  platform.log.trim(journalTopic('channel'), 0, 1)
  const owner = await closing(t, platform.owner())
  await until(() => owner.status().get(0)?.phase === 'stopped')
  assert.equal(owner.status().get(0)?.hindrance, 'journal.truncated')
})

test('while the keys are away commands wait, and that is no attempt', async (t) => {
  const platform = await roomPlatform()
  let away = true
  const prefetch = async () => {
    if (away) throw new Error('no database')
  }
  const owner = await closing(t, platform.owner({ keys: { prefetch, seal: tinySecrets.seal } }))
  await platform.send(say('a'))
  await until(() => owner.status().get(0)?.hindrance === 'journal.keys_away')
  assert.equal(owner.ready(), false)
  away = false
  await until(() => platform.outcomes().length === 1)
  await until(owner.ready)
  assert.equal(platform.journal().filter(({ kind }) => kind !== 'outcome').length, 1)
})

test('a clock behind the last record, or ahead of the broker, decides nothing', async (t) => {
  const platform = await roomPlatform()
  let skewMs = 0
  const owner = await closing(t, platform.owner({ now: () => Date.now() + skewMs }))
  const wait = async (hindrance: string) => {
    await until(() => owner.status().get(0)?.hindrance === hindrance)
    assert.equal(owner.ready(), false)
  }
  await platform.send(say('a'))
  await until(() => platform.outcomes().length === 1)
  skewMs = -6_000
  await platform.send(say('b'))
  await wait('journal.clock_behind')
  skewMs = 60_000
  await wait('journal.clock_ahead')
  skewMs = 0
  await until(() => platform.outcomes().length === 2)
  assert.ok(Math.abs((platform.outcomes()[1]?.at ?? 0) - Date.now()) < 5_000)
})

test('a machine that has slept, or set its clock, goes on deciding: the broker has moved with it', async (t) => {
  let slept = 0
  const now = () => Date.now() + slept
  const platform = await roomPlatform({ now })
  await closing(t, platform.owner({ now }))
  await platform.send(say('a'))
  await until(() => platform.outcomes().length === 1)
  slept = 60_000
  await platform.send(say('b'))
  await until(() => platform.outcomes().length === 2)
})

test('however many commands wait, an owner learns what time it is', async (t) => {
  let slept = 0
  let away = true
  const now = () => Date.now() + slept
  const platform = await roomPlatform({ now })
  const prefetch = async () => {
    if (away) throw new Error('no database')
  }
  const owner = await closing(t, platform.owner({ now, keys: { prefetch, seal: tinySecrets.seal } }))
  // More than are read ahead of the turn, so that none that comes later is read.
  await platform.send(...Array.from({ length: 2_600 }, () => say('x')))
  await until(() => (owner.status().get(0)?.queued ?? 0) >= 2_000)
  slept = 60_000
  away = false
  await until(() => platform.outcomes().length === 2_600)
})

test('who meets a record of a newer release gives the partition up, and another process gets it', async (t) => {
  const platform = await roomPlatform({}, 2)
  const [older, newer] = [await closing(t, platform.owner()), await closing(t, platform.owner())]
  await until(() => older.ready() && newer.ready() && newer.status().size === 1)
  const [mine = -1] = [...older.status()].flatMap(([number, { assigned }]) => (assigned ? [number] : []))
  const appender = await platform.log.connect().appender()
  // Both read bytes of a version that is to come; the one that owns the partition reads them first.
  await appender.append(commandTopic('channel'), mine, [{ key: Buffer.from('42'), value: Buffer.from([2, 0]) }])
  await until(() => older.status().get(mine)?.hindrance === 'journal.version_unknown')
  assert.equal(older.ready(), false)
  await until(() => newer.status().get(mine)?.hindrance === 'journal.version_unknown')
  // Neither can: it is nobody's now, and the other partition goes on.
  await until(() => newer.status().get(1 - mine)?.phase === 'owning')
})

test('an outcome that the log refuses is given up with its command, the others go on', async (t) => {
  const platform = await roomPlatform()
  const client = platform.log.connect()
  const small = {
    ...client,
    appender: async () => {
      const appender = await client.appender()
      const append: typeof appender.append = async (topic, partition, records) => {
        if (records.some(({ value }) => value.length > 10_000)) throw new Error('too large')
        return appender.append(topic, partition, records)
      }
      return { ...appender, append }
    },
  }
  await closing(t, platform.owner({ over: small }))
  await platform.send(say('a'), say('x'.repeat(20_000)), say('b'))
  await until(() => platform.outcomes().length === 3)
  assert.deepEqual(codes(platform), ['accepted', 'command.poisoned', 'accepted'])
})

test('a valid record that cannot be folded makes its reader give the partition up', async (t) => {
  const platform = await roomPlatform()
  const first = await platform.owner()
  await platform.send(say('a'))
  await until(() => platform.outcomes().length === 1)
  await first.close()
  const appender = await platform.log.connect().appender()
  const [written] = platform.outcomes()
  const events = [{ type: 'Unheard', version: 1, bytes: Buffer.alloc(0) }]
  const unheard = encodeEntry({
    ...(written ?? assert.fail('an outcome')),
    n: 2,
    commandOffset: 1,
    outcome: { kind: 'accepted', events, summary: {} },
  })
  await appender.append(journalTopic('channel'), 0, [unheard])
  const second = await closing(t, platform.owner())
  await until(() => second.status().get(0)?.hindrance === 'journal.evolve_failed')
  assert.equal(second.ready(), false)
})

test('snapshots that cannot be listed are waited for', async (t) => {
  const platform = await roomPlatform()
  let away = true
  const list = async (prefix: string) => {
    if (away) throw new Error('no object store')
    return platform.objects.list(prefix)
  }
  const owner = await closing(t, platform.owner({ objects: { ...platform.objects, list } }))
  await until(() => owner.status().get(0)?.hindrance === 'journal.objects_away')
  away = false
  await until(owner.ready)
})

test('a partition that comes back soon keeps its claim', async (t) => {
  const platform = await roomPlatform()
  const { over, assign } = assignedByHand(platform.log.connect())
  const owner = await closing(t, platform.owner({ over }))
  await until(owner.ready)
  await platform.send(say('a'))
  await until(() => platform.outcomes().length === 1 && owner.status().get(0)?.n === 1)
  assign([])
  assert.equal(owner.status().get(0)?.assigned, false)
  assign([0])
  await platform.send(say('b'))
  await until(() => platform.outcomes().length === 2)
  assert.equal(platform.journal().filter(({ kind }) => kind === 'claim').length, 1)
})

test('a partition that stays away is forgotten, and restored when it comes again', async (t) => {
  const platform = await roomPlatform()
  const { over, assign } = assignedByHand(platform.log.connect())
  const owner = await closing(t, platform.owner({ over, timings: { lingerMs: 10 } }))
  await platform.send(say('a'))
  await until(() => platform.outcomes().length === 1 && owner.status().get(0)?.n === 1)
  assign([])
  await until(() => owner.status().get(0)?.n === 0)
  assign([0])
  await platform.send(say('b'))
  await until(() => platform.outcomes().length === 2)
  assert.deepEqual(kinds(platform), ['accepted', 'accepted'])
  const nonces = platform.journal().flatMap((entry) => (entry.kind === 'claim' ? [entry.nonce] : []))
  assert.equal(new Set(nonces).size, 2)
})

test('over a new tail a partition is read that is followed, and none that was forgotten', async (t) => {
  const platform = await roomPlatform()
  const { over, assign } = assignedByHand(platform.log.connect())
  const reads: string[] = []
  let tails = 0
  let fail = (_error: Error): void => {}
  const failing: Log = {
    ...over,
    tail: async (topics, handlers) => {
      const tail = await over.tail(topics, handlers)
      tails++
      fail = handlers.onError
      return {
        ...tail,
        read: (topic, partition, from) => {
          reads.push(topic)
          tail.read(topic, partition, from)
        },
      }
    },
  }
  const owner = await closing(t, platform.owner({ over: failing, timings: { lingerMs: 10 } }))
  await platform.send(say('a'))
  await until(() => owner.status().get(0)?.n === 1)
  const reopened = async (count: number): Promise<readonly string[]> => {
    reads.length = 0
    fail(new Error('no more'))
    await until(() => tails === count)
    await new Promise(setImmediate)
    return [...reads]
  }
  assert.deepEqual(await reopened(4), [journalTopic('channel'), commandTopic('channel')])
  assign([])
  await until(() => owner.status().get(0)?.n === 0)
  assert.deepEqual(await reopened(6), [])
  assign([0])
  await platform.send(say('b'))
  await until(() => platform.outcomes().length === 2)
})

test('at a hole in the log itself the tails are opened later and later, and the owner goes on once it is mended', async (t) => {
  const platform = await roomPlatform()
  const first = await platform.owner()
  await platform.send(say('a'))
  await until(() => platform.outcomes().length === 1)
  await first.close()
  let broken = true
  const client = platform.log.connect({ fetch: () => (broken ? 'hole' : undefined) })
  const opened: number[] = []
  const over: Log = {
    ...client,
    tail: (topics, handlers, options) => {
      if (topics.includes(journalTopic('channel'))) opened.push(performance.now())
      return client.tail(topics, handlers, options)
    },
  }
  const owner = await closing(t, platform.owner({ over }))
  await until(() => opened.length === 5)
  const [start = 0, end = 0] = [opened[0], opened[4]]
  assert.ok(end - start > 20 + 40 + 80 + 160 - 10, `${end - start} ms`)
  broken = false
  await until(owner.ready)
})
