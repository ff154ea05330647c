import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { LogError } from './log-error.ts'
import type { CommittedReader, PublishedRecord, TransactionalLog } from './publisher.ts'

/** What an adapter brings to the contract. */
export type PublisherSubject = {
  readonly log: TransactionalLog
  readonly uniqueName: (prefix: string) => string
  readonly createTopic: (topic: string) => Promise<void>
  readonly close: () => Promise<void>
}

const record = (value: string): PublishedRecord => ({
  key: Buffer.from('key'),
  value: Buffer.from(value),
  headers: { ce_id: value },
  timestamp: 1_767_225_600_000,
})

const hasCode = (code: string) => (error: unknown) => error instanceof LogError && error.code === code

/** Everything that an adapter of the port for public topics promises; runs for each of them. */
export const publisherContract = (name: string, start: () => Promise<PublisherSubject>): void => {
  describe(`${name} keeps the contract of publishers`, () => {
    let subject: PublisherSubject
    let reader: CommittedReader

    before(async () => {
      subject = await start()
      reader = await subject.log.committed()
    })

    after(async () => {
      await subject.log.close()
      await subject.close()
    })

    const newTopic = async (): Promise<string> => {
      const topic = subject.uniqueName('published')
      await subject.createTopic(topic)
      return topic
    }

    /** All that is committed, read until the end is reached and decided. */
    const committedIn = async (topic: string): Promise<readonly string[]> => {
      const values: string[] = []
      const deadline = Date.now() + 20_000
      for (let from = 0; ; ) {
        const { records, next, stable, end } = await reader.read(topic, 0, from)
        values.push(...records.map(({ value }) => value.toString()))
        from = next
        if (from >= end && stable >= end) return values
        assert.ok(Date.now() < deadline, `${topic} is decided up to ${stable} of ${end} only`)
      }
    }

    test('what is sent is seen once it is committed, in all topics at once', async () => {
      const [one, other] = [await newTopic(), await newTopic()]
      const publisher = await subject.log.publisher(subject.uniqueName('id'))
      await publisher.send([
        { topic: one, partition: 0, records: [record('a'), record('b')] },
        { topic: other, partition: 0, records: [record('c')] },
      ])
      const open = await reader.read(one, 0, 0, 10)
      assert.deepEqual([open.records.length, open.next, open.stable], [0, 0, 0])
      assert.ok(open.end >= 2)
      await publisher.commit()
      assert.deepEqual([await committedIn(one), await committedIn(other)], [['a', 'b'], ['c']])
      await publisher.close()
    })

    test('keys, headers and times come back as they were sent', async () => {
      const topic = await newTopic()
      const publisher = await subject.log.publisher(subject.uniqueName('id'))
      await publisher.send([{ topic, partition: 0, records: [record('a')] }])
      await publisher.commit()
      const { records } = await reader.read(topic, 0, 0, 5_000)
      assert.deepEqual(records, [{ offset: 0, ...record('a') }])
      await publisher.close()
    })

    test('transactions follow one another without a pause, in order', async () => {
      const topic = await newTopic()
      const publisher = await subject.log.publisher(subject.uniqueName('id'))
      const values = Array.from({ length: 30 }, (_, index) => String(index))
      for (const value of values) {
        await publisher.send([{ topic, partition: 0, records: [record(value)] }])
        await publisher.commit()
      }
      assert.deepEqual(await committedIn(topic), values)
      await publisher.close()
    })

    test('a commit with nothing sent does nothing', async () => {
      const publisher = await subject.log.publisher(subject.uniqueName('id'))
      await publisher.send([])
      await publisher.commit()
      await publisher.close()
    })

    test('what a killed publisher left open is aborted when its successor opens', async () => {
      const topic = await newTopic()
      const id = subject.uniqueName('id')
      const killed = await subject.log.publisher(id)
      await killed.send([{ topic, partition: 0, records: [record('never')] }])
      const successor = await subject.log.publisher(id)
      await successor.send([{ topic, partition: 0, records: [record('once')] }])
      await successor.commit()
      assert.deepEqual(await committedIn(topic), ['once'])
      await successor.close()
    })

    test('a zombie is refused: what it sends, and the commit of what it had sent', async () => {
      const topic = await newTopic()
      for (const late of ['send', 'commit'] as const) {
        const id = subject.uniqueName('id')
        const zombie = await subject.log.publisher(id)
        await zombie.send([{ topic, partition: 0, records: [record('early')] }])
        const successor = await subject.log.publisher(id)
        const act = () =>
          late === 'send' ? zombie.send([{ topic, partition: 0, records: [record('late')] }]) : zombie.commit()
        await assert.rejects(act, hasCode('log.fenced'))
        await assert.rejects(act, hasCode('log.appender-spent'))
        await zombie.close()
        await successor.close()
      }
      assert.deepEqual(await committedIn(topic), [])
    })

    test('reading goes on behind what was aborted', async () => {
      const topic = await newTopic()
      const id = subject.uniqueName('id')
      const expected: string[] = []
      for (let round = 0; round < 3; round++) {
        const killed = await subject.log.publisher(id)
        await killed.send([{ topic, partition: 0, records: [record(`never ${round}`)] }])
        const successor = await subject.log.publisher(id)
        await successor.send([{ topic, partition: 0, records: [record(`once ${round}`)] }])
        await successor.commit()
        expected.push(`once ${round}`)
      }
      assert.deepEqual(await committedIn(topic), expected)
      const middle = await reader.read(topic, 0, 2, 1_000)
      assert.deepEqual(middle.records.map(({ value }) => value.toString()).at(-1), 'once 2')
    })

    test('bounds tell of the end, open transactions included', async () => {
      const topic = await newTopic()
      const publisher = await subject.log.publisher(subject.uniqueName('id'))
      await publisher.send([{ topic, partition: 0, records: [record('a'), record('b')] }])
      assert.deepEqual(await reader.bounds(topic, 0), { start: 0, end: 2 })
      await publisher.close()
    })

    test('several partitions are read at once, each from where it is to be read on', async () => {
      const topic = await newTopic()
      const publisher = await subject.log.publisher(subject.uniqueName('id'))
      await publisher.send([
        { topic, partition: 0, records: [record('a'), record('b')] },
        { topic, partition: 1, records: [record('c')] },
      ])
      await publisher.commit()
      const seen = new Map([0, 1].map((partition) => [partition, [] as string[]]))
      const from = new Map([
        [0, 1],
        [1, 0],
      ])
      const deadline = Date.now() + 20_000
      while (from.get(0) !== 3 || from.get(1) !== 2) {
        assert.ok(Date.now() < deadline, JSON.stringify([...from]))
        for (const [partition, { records, next }] of await reader.readMany(topic, from)) {
          seen.get(partition)?.push(...records.map(({ value }) => value.toString()))
          from.set(partition, next)
        }
      }
      assert.deepEqual([...seen.values()], [['b'], ['c']])
      assert.deepEqual((await reader.groups(topic)).flat().sort(), [0, 1])
      await publisher.close()
    })

    test('where a time begins is told, unless nothing has come since', async () => {
      const topic = await newTopic()
      const publisher = await subject.log.publisher(subject.uniqueName('id'))
      const at = 1_767_225_600_000
      const times = [at, at + 10, at + 20]
      const records = times.map((timestamp) => ({ ...record(String(timestamp)), timestamp }))
      await publisher.send([{ topic, partition: 0, records }])
      await publisher.commit()
      assert.deepEqual([...(await reader.offsetsAt(topic, [0], at + 5))], [[0, 1]])
      assert.deepEqual([...(await reader.offsetsAt(topic, [0], Date.now() + 3_600_000))], [])
      await publisher.close()
    })

    test('an offset beyond the end is refused', async () => {
      const topic = await newTopic()
      await assert.rejects(() => reader.read(topic, 0, 7), hasCode('log.out-of-range'))
    })

    test('a closed publisher takes nothing', async () => {
      const publisher = await subject.log.publisher(subject.uniqueName('id'))
      await publisher.close()
      await assert.rejects(() => publisher.commit(), hasCode('log.closed'))
    })
  })
}
