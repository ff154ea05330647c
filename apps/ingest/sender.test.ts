import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import pino from 'pino'
import { codecs } from '#libs/contracts/codecs.ts'
import { GatewayBusy, type OutboundCommand } from '#libs/journal/gateway.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { createSender } from './sender.ts'

const goodbye = { type: 'EndSession', sessionId: 's1', cause: 'unpublished' } as const
const answered = (outcome: object) => ({ outcome }) as unknown as OutcomeRecord
const expired = answered({ kind: 'rejected', code: 'command.expired', detail: {} })
const sessionOver = answered({ kind: 'rejected', code: 'broadcast.session_over', detail: {} })
const accepted = answered({ kind: 'accepted', events: [], summary: {} })

type Answer = OutcomeRecord | Error | undefined

/** A sender whose commands the log answers one by one, the last answer for ever; time stands. */
const sending = (t: TestContext, answers: readonly Answer[]) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 })
  const sent: OutboundCommand[] = []
  const sender = createSender({
    gateway: {
      submit: async (command) => {
        const answer = answers[Math.min(sent.length, answers.length - 1)]
        sent.push(command)
        if (answer instanceof Error) throw answer
        return answer
      },
    },
    logger: pino({ enabled: false }),
    now: Date.now,
  })
  /** Lets so much time pass, second by second. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      t.mock.timers.tick(1_000)
      for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    }
  }
  return { sender, sent, pass }
}

test('a goodbye is sent anew, with an id and a validity of its own, until the log has decided it', async (t) => {
  const answers = [undefined, new GatewayBusy('outcomes are late'), expired, accepted]
  const { sender, sent, pass } = sending(t, answers)
  sender.insist('500', goodbye)
  await pass(60)
  assert.equal(sent.length, answers.length)
  assert.equal(new Set(sent.map(({ id }) => id)).size, answers.length)
  assert.deepEqual(
    sent.map(({ type, version, payload }) => codecs.broadcast.decodeCommand({ type, version, bytes: payload })),
    answers.map(() => goodbye),
  )
  const validities = sent.map(({ expiresAt = 0 }) => expiresAt)
  assert.deepEqual(
    validities,
    [...new Set(validities)].sort((one, other) => one - other),
  )
})

test('a goodbye that has become meaningless is decided too', async (t) => {
  const { sender, sent, pass } = sending(t, [undefined, sessionOver])
  sender.insist('500', goodbye)
  await pass(60)
  assert.equal(sent.length, 2)
})

test('a goodbye is given up an hour later, and when the process ends', async (t) => {
  const { sender, sent, pass } = sending(t, [undefined])
  sender.insist('500', goodbye)
  await pass(3_700)
  const inAnHour = sent.length
  assert.ok(inAnHour > 300 && inAnHour < 400, `${inAnHour} times`)
  await pass(100)
  assert.equal(sent.length, inAnHour)
  sender.insist('500', goodbye)
  await pass(20)
  await sender.settled()
  await pass(20)
  const byItsEnd = sent.length
  await pass(100)
  assert.equal(sent.length, byItsEnd)
})

test('what has expired is told as not decided', async (t) => {
  const { sender } = sending(t, [expired, sessionOver])
  assert.equal(await sender.send('500', goodbye), undefined)
  assert.deepEqual(await sender.send('500', goodbye), {
    kind: 'rejected',
    code: 'broadcast.session_over',
    detail: {},
  })
})
