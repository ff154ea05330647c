import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Admission, Intake } from '../rtmp/publisher.ts'
import { createEntrance } from './entrance.ts'

/** AVCDecoderConfigurationRecords of pictures of 640 × 480 and of 2560 × 1440. */
const records = {
  small: '0142001effe100096742001eda0280f64001000468ce3c80',
  large: '0142001effe1000a6742001eda00a002d64001000468ce3c80',
} as const

const videoConfig = (size: keyof typeof records) =>
  Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), Buffer.from(records[size], 'hex')])
const hevcConfig = Buffer.from('\x90hvc1 and a record', 'latin1')
const audioConfig = Buffer.of(0xaf, 0, 0x12, 0x10)
const key = Buffer.of(0x17, 1, 0, 0, 0, 9)
const between = Buffer.of(0x27, 1, 0, 0, 0, 9)
const sound = Buffer.of(0xaf, 1, 7)

const promised = { videocodecid: 7, audiocodecid: 10 }

/** An entrance, what it was asked, and what it handed on. */
const entering = (answer: (inside: Intake) => Promise<Admission>, waitMs?: number) => {
  const told: string[] = []
  const named = new Map([
    [videoConfig('small').toString('hex'), 'video config'],
    [audioConfig.toString('hex'), 'audio config'],
    [key.toString('hex'), 'key'],
    [between.toString('hex'), 'between'],
    [sound.toString('hex'), 'sound'],
  ])
  const hand = (payload: Buffer, timeMs: number): void =>
    void told.push(`${named.get(payload.toString('hex'))} at ${timeMs}`)
  const inside: Intake = {
    metadata: () => void told.push('metadata'),
    audio: hand,
    video: hand,
    end: (why) => void told.push(`ended: ${why}`),
  }
  const over = new AbortController()
  const cut = (reason: string): void => {
    over.abort()
    told.push(`cut: ${reason}`)
  }
  const intake = createEntrance({
    limits: { kilobitsPerSecond: 10_000, lines: 1080 },
    open: () => {
      told.push('open')
      return answer(inside)
    },
    over: over.signal,
    cut,
    onMissing: () => void told.push('missing'),
    onGone: (why, wrong) => void told.push(`gone: ${why} ${wrong?.code ?? ''}`),
    ...(waitMs !== undefined && { waitMs }),
  })
  return { intake, told, cut }
}

const open = async (inside: Intake): Promise<Admission> => ({ intake: inside })

test('a broadcast begins with the first picture, and is handed what decoders have to know', async () => {
  const { intake, told } = entering(open)
  intake.metadata(promised)
  await intake.audio(audioConfig, 0)
  await intake.audio(sound, 0)
  await intake.video(videoConfig('small'), 0)
  await intake.video(between, 10)
  assert.deepEqual(told, [])
  await intake.video(key, 40)
  await intake.audio(sound, 41)
  intake.end('unpublished')
  assert.deepEqual(told, [
    'open',
    'metadata',
    'audio config at 40',
    'video config at 40',
    'key at 40',
    'sound at 41',
    'ended: unpublished',
  ])
})

test('what is not taken is found out before anything begins, whatever sound came before', async () => {
  for (const [config, code] of [
    [hevcConfig, 'media.unsupported'],
    [videoConfig('large'), 'media.unsupported'],
    [Buffer.of(0x17, 0, 0, 0, 0, 1, 2), 'media.malformed'],
  ] as const) {
    const { intake, told } = entering(open)
    intake.metadata(promised)
    await intake.audio(audioConfig, 0)
    await intake.audio(sound, 0)
    assert.throws(() => intake.video(config, 0), { code })
    intake.end('refused', { code, message: '' })
    assert.deepEqual(told, [`gone: refused ${code}`])
  }
})

test('sound alone begins at once where the encoder says that there are no pictures', async () => {
  const { intake, told } = entering(open)
  intake.metadata({ audiocodecid: 10, hasVideo: false })
  await intake.audio(audioConfig, 0)
  await intake.audio(sound, 0)
  assert.deepEqual(told, ['open', 'metadata', 'audio config at 0', 'sound at 0'])
})

for (const [what, metadata] of [
  ['are promised', promised],
  ['are promised by their size', { audiocodecid: 10, width: 1920 }],
  ['may come, as nothing is said of them', { encoder: 'one of few words' }],
  ['may come, as nothing is said at all', undefined],
] as const) {
  test(`sound alone begins after a while where pictures ${what}`, async () => {
    const { intake, told } = entering(open)
    if (metadata) intake.metadata(metadata)
    await intake.audio(audioConfig, 0)
    for (const timeMs of [0, 1_000, 3_000]) await intake.audio(sound, timeMs)
    assert.deepEqual(told, [])
    await intake.audio(sound, 3_021)
    assert.deepEqual(told, ['open', ...(metadata ? ['metadata'] : []), 'audio config at 3021', 'sound at 3021'])
  })

  test(`a codec that is not taken begins nothing, though sound came first and pictures ${what}`, async () => {
    const { intake, told } = entering(open)
    if (metadata) intake.metadata(metadata)
    await intake.audio(audioConfig, 0)
    await intake.audio(sound, 0)
    assert.throws(() => intake.video(hevcConfig, 0), { code: 'media.unsupported' })
    assert.deepEqual(told, [])
  })
}

test('who was let in and is late is told so, and nothing more is taken', async () => {
  const { intake, told } = entering(async () => ({ refused: 'the channel is live already' }))
  await intake.video(videoConfig('small'), 0)
  await intake.video(key, 0)
  await intake.video(key, 40)
  intake.end('stopped')
  assert.deepEqual(told, ['open', 'cut: the channel is live already', 'gone: stopped '])
})

test('who sends nothing that could be shown is let go', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { intake, told } = entering(open, 1_000)
  await intake.video(videoConfig('small'), 0)
  t.mock.timers.tick(999)
  assert.deepEqual(told, [])
  t.mock.timers.tick(1)
  assert.deepEqual(told, ['missing'])
  const begun = entering(open, 1_000)
  await begun.intake.video(videoConfig('small'), 0)
  await begun.intake.video(key, 0)
  t.mock.timers.tick(1_000)
  assert.equal(begun.told.includes('missing'), false)
})

test('who was cut opens nothing with what is still read', async () => {
  const { intake, told, cut } = entering(open)
  await intake.video(videoConfig('small'), 0)
  cut('the account is suspended')
  await intake.video(key, 0)
  await intake.audio(audioConfig, 0)
  await intake.audio(sound, 0)
  assert.deepEqual(told, ['cut: the account is suspended'])
})
