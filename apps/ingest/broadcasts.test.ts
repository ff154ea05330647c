import assert from 'node:assert/strict'
import { test } from 'node:test'
import pino from 'pino'
import { codecs } from '#libs/contracts/codecs.ts'
import type { OutboundCommand } from '#libs/journal/gateway.ts'
import type { Detail, OutcomeRecord } from '#libs/journal/outcome.ts'
import { createBroadcasts } from './broadcasts.ts'

const audioConfig = Buffer.of(0xaf, 0, 0x12, 0x10)
const sound = Buffer.of(0xaf, 1, 7)

const accepted = (summary: Detail = {}) =>
  ({ outcome: { kind: 'accepted', events: [], summary } }) as unknown as OutcomeRecord

/**
 * An encoder that was let in, and a journal that accepts everything, or has not answered in time; `onSent` is told of each
 * command before it does.
 */
const letIn = async (onSent: (type: string) => unknown = () => {}) => {
  const sent: string[] = []
  const cuts: string[] = []
  const refused: string[] = []
  const broadcasts = createBroadcasts({
    streamKeys: { find: async () => ({ keyId: 'key', channelId: '500', expiresAt: null }) },
    hashes: { compare: (_, text) => text },
    gateway: {
      submit: async ({ type, version, payload }: OutboundCommand) => {
        const command = codecs.broadcast.decodeCommand({ type, version, bytes: payload })
        sent.push(command.type === 'EndSession' ? `${type} ${command.cause}` : type)
        if (onSent(type) === 'unanswered') return undefined
        return accepted(type === 'StartBroadcast' ? { broadcastId: 'broadcast', recorded: false } : {})
      },
    },
    origin: 'http://127.0.0.1',
    leaseMs: 60_000,
    graceMs: 60_000,
    windowSeconds: 60,
    keeping: { quotaBytes: 0, retentionDays: 0, clipRetentionDays: 0 },
    objects: { put: async () => assert.fail('nothing is recorded') },
    ladders: undefined,
    limits: { kilobitsPerSecond: 10_000, lines: 1080 },
    ownerOf: async () => ({ ownerId: '7' }),
    onHealth: () => {},
    onRefused: (channelId, { code }) => void refused.push(`${channelId} ${code}`),
    takesOver: true,
    logger: pino({ enabled: false }),
  })
  const admission = await broadcasts.admit(
    { app: 'live', name: 'secret', encoder: '', address: '127.0.0.1' },
    (reason) => void cuts.push(reason),
  )
  assert.ok('intake' in admission)
  admission.intake.metadata({ audiocodecid: 10 })
  return { broadcasts, intake: admission.intake, sent, cuts, refused }
}

test('an encoder whose owner is suspended begins nothing with what is still read of it', async () => {
  const { broadcasts, intake, sent, cuts } = await letIn()
  await intake.audio(audioConfig, 0)
  broadcasts.cutOwner('7')
  await intake.audio(sound, 0)
  intake.end('stopped')
  broadcasts.cutOwner('7')
  assert.deepEqual([sent, cuts], [['AdmitEncoder'], ['the account is suspended']])
})

test('a broadcast that began while its owner was suspended ends at once', async () => {
  const { broadcasts, intake, sent, cuts } = await letIn((type) => {
    if (type === 'StartBroadcast') broadcasts.cutOwner('7')
  })
  await intake.audio(audioConfig, 0)
  await intake.audio(sound, 0)
  intake.end('stopped')
  assert.deepEqual(sent, ['AdmitEncoder', 'StartBroadcast', 'EndSession refused'])
  assert.deepEqual([cuts, broadcasts.count()], [['the account is suspended'], 0])
})

test('the broadcaster is told of an encoder that sends nothing, whoever finds that out', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const waiting = await letIn()
  t.mock.timers.tick(15_000)
  waiting.intake.end('stopped')
  assert.deepEqual(waiting.cuts, ['neither a picture nor a sound has come'])
  const silent = await letIn()
  silent.intake.end('silent')
  for (const { sent, refused } of [waiting, silent])
    assert.deepEqual([sent, refused], [['AdmitEncoder'], ['500 media.missing']])
})

test('the broadcaster is told that the journal did not let a second encoder begin', async () => {
  const { intake, refused, cuts } = await letIn((type) => {
    if (type === 'StartBroadcast') throw new Error('the log is away')
  })
  await intake.audio(audioConfig, 0)
  await intake.audio(sound, 0)
  assert.deepEqual(refused, ['500 platform.unavailable'])
  assert.deepEqual(cuts, ['broadcasts cannot be started now: try again'])
})

test('who leaves before there was anything to show is nobody to tell of', async () => {
  const { intake, refused } = await letIn()
  intake.end('unpublished')
  assert.deepEqual(refused, [])
})

test('a broadcast of which it is not known whether it began is ended, for its encoder is told to come again', async () => {
  const { intake, sent, refused } = await letIn((type) => (type === 'StartBroadcast' ? 'unanswered' : undefined))
  await intake.audio(audioConfig, 0)
  await intake.audio(sound, 0)
  assert.deepEqual(sent, ['AdmitEncoder', 'StartBroadcast', 'EndSession refused'])
  assert.deepEqual(refused, ['500 platform.unavailable'])
})
