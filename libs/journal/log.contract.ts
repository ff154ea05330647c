import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type Collector, collect } from '#libs/testing/collector.ts'
import { until } from '#libs/testing/until.ts'
import type { Appender, Log, NewRecord, Offset } from './log.ts'
import { LogError } from './log-error.ts'

/** What a log adapter brings to the contract. */
export type ContractSubject = {
  /** A client of the one log under test. */
  readonly connect: () => Log
  readonly uniqueName: (prefix: string) => string
  /** Lets records before `start` age out. */
  readonly trim: (topic: string, partition: number, start: Offset) => Promise<void>
  readonly close: () => Promise<void>
}

const config = { 'message.timestamp.type': 'LogAppendTime', 'cleanup.policy': 'delete' }

const record = (value: string): NewRecord => ({
  key: Buffer.from('key'),
  value: Buffer.from(value),
  headers: { traceparent: `of ${value}` },
})

const hasCode = (code: string) => (error: unknown) => error instanceof LogError && error.code === code

/** Everything that an adapter of the log port promises; runs for each of them. */
export const logContract = (name: string, start: () => Promise<ContractSubject>): void => {
  describe(`${name} keeps the contract of the log`, () => {
    let subject: ContractSubject
    let log: Log
    let appender: Appender

    before(async () => {
      subject = await start()
      log = subject.connect()
      appender = await log.appender()
    })

    after(async () => {
      await log.close()
      await subject.close()
    })

    const newTopic = async (partitions = 1): Promise<string> => {
      const topic = subject.uniqueName('contract')
      await log.createTopic(topic, { partitions, replication: 1, config })
      return topic
    }

    const fill = async (topic: string, count: number, partition = 0): Promise<void> => {
      await appender.append(
        topic,
        partition,
        Array.from({ length: count }, (_, index) => record(String(index))),
      )
    }

    const tailOf = async (topic: string, collector: Collector = collect()) => {
      const tail = await log.tail([topic], collector.handlers)
      return { tail, collector }
    }

    describe('topics', () => {
      test('a topic is made once', async () => {
        const topic = subject.uniqueName('contract')
        const settings = { partitions: 3, replication: 1, config }
        assert.equal(await log.createTopic(topic, settings), 'created')
        assert.equal(await log.createTopic(topic, settings), 'exists')
      })

      test('a closed log opens nothing', async () => {
        const topic = await newTopic()
        const closed = subject.connect()
        await closed.close()
        await assert.rejects(closed.appender(), hasCode('log.closed'))
        await assert.rejects(closed.tail([topic], collect().handlers), hasCode('log.closed'))
        await assert.rejects(
          closed.join({ group: subject.uniqueName('group'), topics: [topic], onAssignment: () => {} }),
          hasCode('log.closed'),
        )
        await assert.rejects(closed.bounds(topic), hasCode('log.closed'))
      })

      test('a topic is described as it is', async () => {
        const topic = await newTopic(3)
        const described = await log.describeTopic(topic)
        assert.equal(described?.partitions, 3)
        assert.equal(described?.replication, 1)
        for (const [key, value] of Object.entries(config)) assert.equal(described?.config[key], value)
      })

      test('a topic that is not there has no description', async () => {
        assert.equal(await log.describeTopic(subject.uniqueName('nowhere')), undefined)
      })

      test('bounds tell of every partition', async () => {
        const topic = await newTopic(3)
        await fill(topic, 4, 1)
        assert.deepEqual(await log.bounds(topic), [
          { start: 0, end: 0 },
          { start: 0, end: 4 },
          { start: 0, end: 0 },
        ])
        await subject.trim(topic, 1, 3)
        assert.deepEqual((await log.bounds(topic))[1], { start: 3, end: 4 })
      })

      test('bounds, tails and appends know when there is no such topic', async () => {
        const topic = subject.uniqueName('nowhere')
        await assert.rejects(log.bounds(topic), hasCode('log.unknown-topic'))
        await assert.rejects(log.tail([topic], collect().handlers), hasCode('log.unknown-topic'))
        const lost = await log.appender()
        await assert.rejects(lost.append(topic, 0, [record('a')]), hasCode('log.unknown-topic'))
        await lost.close()
      })
    })

    describe('appends', () => {
      test('an append resolves with the offset of its first record', async () => {
        const topic = await newTopic()
        assert.equal(await appender.append(topic, 0, [record('a'), record('b')]), 0)
        assert.equal(await appender.append(topic, 0, [record('c')]), 2)
      })

      test('records come back as they were written', async () => {
        const topic = await newTopic()
        await appender.append(topic, 0, [record('a'), { key: null, value: Buffer.from([0, 255, 1]) }])
        const { tail, collector } = await tailOf(topic)
        tail.read(topic, 0, 0)
        const [first, second] = await collector.reached(2)
        assert.deepEqual(
          { ...first, timestamp: 0 },
          {
            offset: 0,
            timestamp: 0,
            key: Buffer.from('key'),
            value: Buffer.from('a'),
            headers: { traceparent: 'of a' },
          },
        )
        assert.deepEqual(
          { ...second, timestamp: 0 },
          { offset: 1, timestamp: 0, key: null, value: Buffer.from([0, 255, 1]), headers: {} },
        )
        await tail.close()
      })

      test('a batch is atomic: its records lie together, whatever others write', async () => {
        const topic = await newTopic()
        const writers = await Promise.all(Array.from({ length: 4 }, () => log.appender()))
        await Promise.all(
          writers.map(async (writer, id) => {
            for (let batch = 0; batch < 10; batch++)
              await writer.append(
                topic,
                0,
                [0, 1, 2].map((part) => record(`${id}.${batch}.${part}`)),
              )
          }),
        )
        await Promise.all(writers.map((writer) => writer.close()))
        const { tail, collector } = await tailOf(topic)
        tail.read(topic, 0, 0)
        const values = (await collector.reached(120)).map(({ value }) => value.toString())
        for (let at = 0; at < 120; at += 3) {
          const batch = values[at]?.replace(/\.0$/, '')
          assert.deepEqual(values.slice(at, at + 3), [`${batch}.0`, `${batch}.1`, `${batch}.2`])
        }
        await tail.close()
      })

      test('the log stamps records with the time at which it appended them', async () => {
        const topic = await newTopic()
        const sent = Date.now()
        await appender.append(topic, 0, [record('a'), record('b')])
        const answered = Date.now()
        const { tail, collector } = await tailOf(topic)
        tail.read(topic, 0, 0)
        const [first, second] = await collector.reached(2)
        assert.ok(first && first.timestamp >= sent - 5 && first.timestamp <= answered + 5)
        assert.equal(second?.timestamp, first.timestamp)
        await tail.close()
      })

      test('many partitions are written by one call', async () => {
        const topic = await newTopic(3)
        await appender.appendMany(
          topic,
          [0, 1, 2].map((partition) => ({ partition, records: [record('a'), record('b')] })),
        )
        assert.deepEqual(
          (await log.bounds(topic)).map(({ end }) => end),
          [2, 2, 2],
        )
      })

      test('an appender that failed takes no more', async () => {
        const topic = await newTopic()
        const failing = await log.appender()
        await assert.rejects(failing.append(subject.uniqueName('nowhere'), 0, [record('a')]))
        await assert.rejects(failing.append(topic, 0, [record('a')]), hasCode('log.appender-spent'))
        await failing.close()
        assert.deepEqual(await log.bounds(topic), [{ start: 0, end: 0 }])
      })

      test('an append to a partition that the topic does not have fails', async () => {
        const failing = await log.appender()
        await assert.rejects(failing.append(await newTopic(1), 1, [record('a')]), hasCode('log.unknown-topic'))
        await failing.close()
      })

      test('a closed appender takes no more', async () => {
        const topic = await newTopic()
        const closed = await log.appender()
        await closed.close()
        await assert.rejects(closed.append(topic, 0, [record('a')]), hasCode('log.closed'))
      })
    })

    describe('tails', () => {
      test('a tail reads from the offset that it is told, each record once and in order', async () => {
        const topic = await newTopic()
        await fill(topic, 10)
        const { tail, collector } = await tailOf(topic)
        tail.read(topic, 0, 4)
        await collector.reached(6)
        await fill(topic, 5)
        assert.deepEqual(
          (await collector.reached(11)).map(({ offset }) => offset),
          [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
        )
        await tail.close()
      })

      test('an offset in the middle of a batch is where reading begins', async () => {
        const topic = await newTopic()
        await fill(topic, 100)
        const { tail, collector } = await tailOf(topic)
        tail.read(topic, 0, 57)
        const records = await collector.reached(43)
        assert.equal(records[0]?.offset, 57)
        await tail.close()
      })

      test('many records are handed over without a hole', async () => {
        const topic = await newTopic()
        const { tail, collector } = await tailOf(topic)
        tail.read(topic, 0, 0)
        for (let batch = 0; batch < 50; batch++) await fill(topic, 200)
        const records = await collector.reached(10_000)
        assert.ok(records.every(({ offset }, index) => offset === index))
        await tail.close()
      })

      test('large records pass, and small partitions beside them', async () => {
        const topic = await newTopic(3)
        const large = { key: null, value: Buffer.alloc(700_000, 1) }
        for (let batch = 0; batch < 4; batch++) await appender.append(topic, 0, [large])
        await fill(topic, 10, 1)
        const { tail, collector } = await tailOf(topic)
        for (const partition of [0, 1, 2]) tail.read(topic, partition, 0)
        await collector.reached(4, topic, 0)
        await collector.reached(10, topic, 1)
        await tail.close()
      })

      test('a partition that is stopped is silent at once, and goes on where it is told', async () => {
        const topic = await newTopic(2)
        const { tail, collector } = await tailOf(topic)
        tail.read(topic, 0, 0)
        tail.read(topic, 1, 0)
        await fill(topic, 3, 0)
        await collector.reached(3, topic, 0)
        tail.stop(topic, 0)
        await fill(topic, 3, 0)
        await fill(topic, 3, 1)
        await collector.reached(3, topic, 1)
        assert.equal(collector.of(topic, 0).length, 3)
        tail.read(topic, 0, 5)
        const records = await collector.reached(4, topic, 0)
        assert.equal(records[3]?.offset, 5)
        await tail.close()
      })

      test('reading again from elsewhere moves the position', async () => {
        const topic = await newTopic()
        await fill(topic, 5)
        const { tail, collector } = await tailOf(topic)
        tail.read(topic, 0, 0)
        await collector.reached(5)
        tail.read(topic, 0, 2)
        assert.deepEqual(
          (await collector.reached(8)).map(({ offset }) => offset),
          [0, 1, 2, 3, 4, 2, 3, 4],
        )
        await tail.close()
      })

      test('a slow handler is waited for, and holds up its own partition only', async () => {
        const topic = await newTopic(2)
        const gate = Promise.withResolvers<void>()
        let running = 0
        const collector = collect(async (_topic, partition) => {
          if (partition !== 0) return
          assert.equal(++running, 1, 'calls for one partition overlap')
          await gate.promise
          running--
        })
        const { tail } = await tailOf(topic, collector)
        tail.read(topic, 0, 0)
        tail.read(topic, 1, 0)
        for (let batch = 0; batch < 20; batch++) {
          await fill(topic, 500, 0)
          await fill(topic, 10, 1)
        }
        await collector.reached(200, topic, 1)
        const held = collector.of(topic, 0).length
        assert.ok(held > 0 && held < 10_000, `the handler was called again while it ran: ${held} records`)
        gate.resolve()
        const records = await collector.reached(10_000, topic, 0)
        assert.ok(records.every(({ offset }, index) => offset === index))
        await tail.close()
      })

      test('stopping and reading again never makes calls overlap', async () => {
        const topic = await newTopic()
        await fill(topic, 4)
        const gate = Promise.withResolvers<void>()
        let running = 0
        const collector = collect(async () => {
          assert.equal(++running, 1, 'calls for one partition overlap')
          await gate.promise
          running--
        })
        const { tail } = await tailOf(topic, collector)
        tail.read(topic, 0, 0)
        await until(() => running === 1)
        tail.stop(topic, 0)
        tail.read(topic, 0, 3)
        await fill(topic, 1)
        gate.resolve()
        await until(() => collector.of(topic, 0).at(-1)?.offset === 4)
        assert.deepEqual(
          collector
            .of(topic, 0)
            .slice(-2)
            .map(({ offset }) => offset),
          [3, 4],
        )
        await tail.close()
      })

      test('an offset that has aged out is told, with the bounds, and the partition stops', async () => {
        const topic = await newTopic(2)
        await fill(topic, 10)
        await subject.trim(topic, 0, 6)
        const { tail, collector } = await tailOf(topic)
        tail.read(topic, 0, 2)
        await until(() => collector.outOfRange.length > 0)
        assert.deepEqual(collector.outOfRange, [{ topic, partition: 0, expected: 2, bounds: { start: 6, end: 10 } }])
        tail.read(topic, 1, 0)
        await fill(topic, 1, 0)
        await fill(topic, 1, 1)
        await collector.reached(1, topic, 1)
        assert.deepEqual(collector.of(topic, 0), [])
        tail.read(topic, 0, 6)
        assert.equal((await collector.reached(5, topic, 0))[0]?.offset, 6)
        await tail.close()
      })

      test('an offset beyond the end is told, never waited for', async () => {
        const topic = await newTopic()
        await fill(topic, 3)
        const { tail, collector } = await tailOf(topic)
        tail.read(topic, 0, 4)
        await until(() => collector.outOfRange.length > 0)
        assert.deepEqual(collector.outOfRange, [{ topic, partition: 0, expected: 4, bounds: { start: 0, end: 3 } }])
        await tail.close()
      })

      test('an error in the handler ends the tail', async () => {
        const topic = await newTopic()
        const collector = collect(() => {
          throw new Error('cannot take this')
        })
        const { tail } = await tailOf(topic, collector)
        tail.read(topic, 0, 0)
        await fill(topic, 1)
        await until(() => collector.errors.length > 0)
        assert.equal(collector.errors[0]?.message, 'cannot take this')
        await fill(topic, 1)
        await tail.close()
        assert.equal(collector.errors.length, 1)
        assert.equal(collector.of(topic, 0).length, 1)
      })

      test('a closed tail is silent', async () => {
        const topic = await newTopic()
        const { tail, collector } = await tailOf(topic)
        const other = await tailOf(topic)
        tail.read(topic, 0, 0)
        other.tail.read(topic, 0, 0)
        await fill(topic, 1)
        await collector.reached(1)
        await tail.close()
        await fill(topic, 1)
        await other.collector.reached(2)
        assert.equal(collector.of(topic, 0).length, 1)
        await other.tail.close()
      })
    })

    describe('groups', () => {
      type Seats = ReadonlyMap<string, readonly number[]>

      const client = (t: Pick<TestContext, 'after'>): Log => {
        const connected = subject.connect()
        t.after(connected.close)
        return connected
      }

      const seat = async (member: Log, group: string, topics: readonly string[]) => {
        let held: Seats = new Map()
        const membership = await member.join({ group, topics, onAssignment: (assignment) => (held = assignment) })
        return { held: (topic: string): readonly number[] => held.get(topic) ?? [], ...membership }
      }

      test('a member alone gets all, two share, and who stays keeps what it had', async (t) => {
        const topic = await newTopic(4)
        const group = subject.uniqueName('group')
        const [first, second] = [client(t), client(t)]
        const one = await seat(first, group, [topic])
        await until(() => one.held(topic).length === 4)
        const two = await seat(second, group, [topic])
        await until(() => one.held(topic).length === 2 && two.held(topic).length === 2)
        assert.deepEqual([...one.held(topic), ...two.held(topic)].sort(), [0, 1, 2, 3])
        const kept = two.held(topic)
        await one.leave()
        await until(() => two.held(topic).length === 4)
        assert.ok(kept.every((partition) => two.held(topic).includes(partition)))
        await two.leave()
      })

      test('a third member takes from those that have most, and moves no more than it must', async (t) => {
        const topic = await newTopic(6)
        const group = subject.uniqueName('group')
        const clients = [client(t), client(t), client(t)] as const
        const one = await seat(clients[0], group, [topic])
        const two = await seat(clients[1], group, [topic])
        await until(() => one.held(topic).length === 3 && two.held(topic).length === 3)
        const before = [one.held(topic), two.held(topic)] as const
        const three = await seat(clients[2], group, [topic])
        await until(() => [one, two, three].every(({ held }) => held(topic).length === 2))
        assert.ok(one.held(topic).every((partition) => before[0].includes(partition)))
        assert.ok(two.held(topic).every((partition) => before[1].includes(partition)))
      })

      test('what a member refuses is given to another, and to nobody where all refuse it', async (t) => {
        const topic = await newTopic(4)
        const group = subject.uniqueName('group')
        const [one, two] = [await seat(client(t), group, [topic]), await seat(client(t), group, [topic])]
        await until(() => one.held(topic).length === 2 && two.held(topic).length === 2)
        const [refused = -1] = one.held(topic)
        one.refuse(topic, refused)
        await until(() => two.held(topic).includes(refused) && !one.held(topic).includes(refused))
        await until(() => one.held(topic).length + two.held(topic).length === 4)
        two.refuse(topic, refused)
        await until(() => one.held(topic).length + two.held(topic).length === 3)
        assert.ok(![...one.held(topic), ...two.held(topic)].includes(refused))
      })

      test('a group may share several topics out', async () => {
        const topics = [await newTopic(2), await newTopic(3)]
        const group = subject.uniqueName('group')
        const one = await seat(log, group, topics)
        await until(() => topics.map((topic) => one.held(topic).length).join() === '2,3')
        await one.leave()
      })
    })
  })
}
