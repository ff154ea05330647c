import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { before, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { MediaError } from '#libs/media/media-error.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { makeAuthority } from '#libs/testing/certificates.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { createDoorway } from './doorway.ts'
import { listenRtmp, type RtmpListener, type RtmpListenerOptions } from './listener.ts'
import type { Admit, Intake, PublishEnd } from './publisher.ts'
import { followTls, rtmpsTls } from './tls.ts'

const bounds = {
  admissionMs: 3_000,
  silenceMs: 10_000,
  messageBytes: 8 << 20,
  chunkStreams: 32,
  unsentBytes: 1 << 20,
  connections: 8,
  connectionsPerAddress: 4,
}

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

const listening = async (
  t: TestContext,
  admit: Admit,
  changes: Partial<RtmpListenerOptions['bounds']> = {},
  tls?: RtmpListenerOptions['tls'],
) => {
  const errors: (Error & { readonly code?: string })[] = []
  let surplus = 0
  const listener = await listenRtmp({
    host: '127.0.0.1',
    port: 0,
    admit,
    bounds: { ...bounds, ...changes },
    onError: (error) => errors.push(error),
    onSurplus: (connections) => {
      surplus += connections
    },
    ...(tls && { tls }),
  })
  t.after(() => listener.close())
  return { listener, errors, surplus: () => surplus }
}

/** Connects and says nothing. */
const idle = (port: number) => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  return { socket, closed: once(socket, 'close') }
}

/** Publishes a picture and a tone; resolves with what ffmpeg says at its end. */
const publish = (
  t: TestContext,
  port: number,
  key: string,
  seconds: number,
  codec = ['-c:v', 'libx264', '-preset', 'ultrafast'],
  authority?: string,
) => {
  const child = spawn(
    ffmpeg,
    [
      ...['-v', 'info', '-nostdin', '-re', '-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=30:duration=${seconds}`],
      ...['-re', '-f', 'lavfi', '-i', `sine=duration=${seconds}`, ...codec, '-g', '30', '-c:a', 'aac'],
      ...['-f', 'flv', `${authority ? 'rtmps' : 'rtmp'}://127.0.0.1:${port}/live/${key}`],
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...(authority && { SSL_CERT_FILE: authority }) },
    },
  )
  t.after(() => child.kill('SIGKILL'))
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  return { child, ended: once(child, 'close').then(([code]) => ({ code, said })) }
}

type Taken = {
  readonly counts: { audio: number; video: number; metadata: number }
  readonly ended: Promise<PublishEnd>
}

const taking = (changes: Partial<Intake> = {}): { intake: Intake; taken: Taken } => {
  const counts = { audio: 0, video: 0, metadata: 0 }
  const { promise, resolve } = Promise.withResolvers<PublishEnd>()
  const count = (kind: keyof typeof counts) => () => {
    counts[kind]++
  }
  return {
    intake: { audio: count('audio'), video: count('video'), metadata: count('metadata'), end: resolve, ...changes },
    taken: { counts, ended: promise },
  }
}

const until = async (holds: () => boolean): Promise<void> => {
  const deadline = performance.now() + 20_000
  while (!holds()) {
    assert.ok(performance.now() < deadline, 'it did not come to that')
    await sleep(10)
  }
}

const allGone = (listener: RtmpListener): Promise<void> => until(() => listener.connections() === 0)

test('an encoder publishes, and all of its frames arrive', async (t) => {
  const { intake, taken } = taking()
  const asked: string[] = []
  const { listener, errors } = await listening(t, async ({ app, name }) => {
    asked.push(`${app}/${name}`)
    return { intake }
  })
  const { ended } = publish(t, listener.port, 'key', 2)
  assert.equal((await ended).code, 0)
  assert.equal(await taken.ended, 'unpublished')
  assert.deepEqual(asked, ['live/key'])
  // One tag with the decoder's configuration, and one at the end of the sequence.
  assert.equal(taken.counts.video, 62)
  assert.ok(taken.counts.audio > 80 && taken.counts.metadata === 1)
  assert.deepEqual(errors, [])
  await allGone(listener)
})

test('who is refused is told why, and nothing of theirs is taken', async (t) => {
  const { listener } = await listening(t, async () => ({ refused: 'this stream key is not known' }))
  const { code, said } = await publish(t, listener.port, 'wrong', 2).ended
  assert.notEqual(code, 0)
  assert.match(said, /this stream key is not known/)
  await allGone(listener)
})

const certified = async (t: TestContext) => {
  const folder = await mkdtemp(join(temporaryFolder(), 'whiply-rtmps-'))
  t.after(() => rm(folder, { recursive: true }))
  const authority = await makeAuthority(folder)
  const names = 'IP:127.0.0.1'
  const { cert: rtmpsCert, key: rtmpsKey } = await authority.issue('ingest', { names })
  const next = await authority.issue('ingest-renewed', { names })
  const files = { ca: authority.ca, rtmpsCert, rtmpsKey }
  return { files, next, tls: rtmpsTls(files) }
}

test('an encoder publishes within TLS, to whom the certificate is shown', async (t) => {
  const { files, tls } = await certified(t)
  const { intake, taken } = taking()
  const { listener, errors } = await listening(t, async () => ({ intake }), {}, tls)
  const { code, said } = await publish(t, listener.port, 'key', 1, undefined, files.ca).ended
  assert.equal(code, 0, said)
  assert.equal(await taken.ended, 'unpublished')
  assert.equal(taken.counts.video, 32)
  assert.deepEqual(errors, [])
  await allGone(listener)
})

/** The serial number of the certificate that somebody who connects is shown. */
const shownAt = async (port: number): Promise<string> => {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { serialNumber } = socket.getPeerCertificate()
  socket.destroy()
  return serialNumber
}

test('a certificate that is renewed is shown to whoever comes then, and one that is no good never', async (t) => {
  const { tls, files, next } = await certified(t)
  const { intake, taken } = taking()
  const { listener } = await listening(t, async () => ({ intake }), {}, tls)
  const lines: string[] = []
  t.after(
    followTls({
      files,
      shown: tls,
      renew: listener.renewTls,
      logger: {
        info: () => void lines.push('renewed'),
        warn: ({ code }: { readonly code: string }) => void lines.push(code),
      } as unknown as Logger,
      everyMs: 20,
    }),
  )
  const { child } = publish(t, listener.port, 'key', 60, undefined, files.ca)
  await until(() => taken.counts.video > 0)
  const first = await shownAt(listener.port)
  await copyFile(next.cert, files.rtmpsCert)
  await until(() => lines.length > 0)
  assert.deepEqual([lines, await shownAt(listener.port)], [['rtmps.certificate_unusable'], first])
  await copyFile(next.key, files.rtmpsKey)
  await until(() => lines.length > 1)
  const second = await shownAt(listener.port)
  assert.equal(lines[1], 'renewed')
  assert.notEqual(second, first)
  const before = taken.counts.video
  await until(() => taken.counts.video > before + 30)
  assert.equal(child.exitCode, null)
  await rm(files.rtmpsCert)
  await until(() => lines.length > 2)
  assert.deepEqual([lines[2], await shownAt(listener.port)], ['rtmps.certificate_unusable', second])
  child.kill('SIGKILL')
  await taken.ended
})

test('who connects to TLS and never begins it is counted like others, and let go', async (t) => {
  const { tls } = await certified(t)
  const few = { connectionsPerAddress: 2, admissionMs: 300 }
  const { listener, errors, surplus } = await listening(t, async () => ({ refused: 'no' }), few, tls)
  const [one, two] = [idle(listener.port), idle(listener.port)]
  await until(() => listener.connections() === 2)
  await idle(listener.port).closed
  assert.equal(listener.connections(), 2)
  await Promise.all([one.closed, two.closed])
  await until(() => surplus() === 1)
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'ERR_TLS_HANDSHAKE_TIMEOUT'],
  )
  await allGone(listener)
})

test('a codec that is not taken ends the publisher with the reason in words', async (t) => {
  const { intake, taken } = taking({
    video: () => {
      throw new MediaError('media.unsupported', 'video in HEVC is not taken yet')
    },
  })
  const { listener, errors } = await listening(t, async () => ({ intake }))
  const { child, ended } = publish(t, listener.port, 'key', 20)
  assert.equal(await taken.ended, 'refused')
  await until(() => listener.connections() === 0)
  assert.equal(errors[0]?.message, 'video in HEVC is not taken yet')
  child.kill('SIGKILL')
  await ended
  await allGone(listener)
})

test('a publisher that is killed ends at once, one that is cut is told', async (t) => {
  let cutIt: ((reason: string) => void) | undefined
  const [first, second] = [taking(), taking()]
  const intakes = [first.intake, second.intake]
  const { listener } = await listening(t, async (_request, cut) => {
    cutIt = cut
    const intake = intakes.shift()
    return intake ? { intake } : { refused: 'one too many' }
  })
  const killed = publish(t, listener.port, 'key', 20)
  await until(() => first.taken.counts.video > 10)
  killed.child.kill('SIGKILL')
  assert.equal(await first.taken.ended, 'closed')
  const stopped = publish(t, listener.port, 'key', 20)
  await until(() => second.taken.counts.video > 10)
  cutIt?.('a moderator stopped the broadcast')
  assert.equal(await second.taken.ended, 'stopped')
  assert.notEqual((await stopped.ended).code, 0)
  await killed.ended
  await allGone(listener)
})

test('who says nothing, or goes silent, is let go', async (t) => {
  const { intake, taken } = taking()
  const { listener, errors } = await listening(t, async () => ({ intake }), { admissionMs: 500, silenceMs: 300 })
  await idle(listener.port).closed
  await until(() => errors.length > 0)
  assert.equal(errors[0]?.code, 'rtmp.too_late')
  const { child, ended } = publish(t, listener.port, 'key', 20)
  await until(() => taken.counts.video > 10)
  child.kill('SIGSTOP')
  assert.equal(await taken.ended, 'silent')
  child.kill('SIGKILL')
  await ended
  await allGone(listener)
})

test('who comes beyond the bounds, or talks something else, is closed', async (t) => {
  const { listener, errors, surplus } = await listening(t, async () => ({ refused: 'no' }), {
    connectionsPerAddress: 2,
  })
  const [one, two] = [idle(listener.port), idle(listener.port)]
  await until(() => listener.connections() === 2)
  await Promise.all([idle(listener.port).closed, idle(listener.port).closed])
  await until(() => surplus() === 2)
  one.socket.write('GET / HTTP/1.1\r\n\r\n')
  await one.closed
  assert.match(errors[0]?.message ?? '', /the first byte is 71/)
  two.socket.destroy()
  await allGone(listener)
})

test('where all places are taken, who publishes nothing makes room for an encoder, and who publishes for nobody', async (t) => {
  const [first, second] = [taking(), taking()]
  const intakes = [first.intake, second.intake]
  const admit: Admit = async () => {
    const intake = intakes.shift()
    return intake ? { intake } : { refused: 'one too many' }
  }
  const { listener, surplus } = await listening(t, admit, { connections: 3, connectionsPerAddress: 100 })
  publish(t, listener.port, 'key', 20)
  await until(() => first.taken.counts.video > 10)
  const crowd = Array.from({ length: 20 }, () => idle(listener.port))
  await until(() => crowd.filter(({ socket }) => socket.closed).length === 18)
  publish(t, listener.port, 'key', 20)
  await until(() => second.taken.counts.video > 10)
  assert.equal(listener.connections(), 3)
  const before = first.taken.counts.video
  await until(() => first.taken.counts.video > before)
  await until(() => surplus() === 19)
})

test('connections are counted by what one household has: an IPv4 address, or a /64', () => {
  const doorway = createDoorway({ connections: 100, connectionsPerAddress: 1 }, (socket) => void socket.destroy())
  const from = (remoteAddress: string) => {
    const socket = Object.assign(new EventEmitter(), { remoteAddress, remotePort: 1, destroy: () => {} })
    return { socket, isIn: doorway.enter(socket as unknown as Socket) }
  }
  const addresses = ['2001:db8::1', '2001:db8:0:0:9::2', '2001:db8:0:1::1', '203.0.113.7', '::ffff:203.0.113.7']
  assert.deepEqual(
    addresses.map((address) => from(address).isIn),
    [true, false, true, true, false],
  )
  const { socket, isIn } = from('198.51.100.1')
  assert.ok(isIn)
  socket.emit('close')
  assert.ok(from('198.51.100.1').isIn)
})
