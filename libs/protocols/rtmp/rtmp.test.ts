import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type AmfValue, maxDepth, objectOf } from './amf-value.ts'
import { decodeAmf0, encodeAmf0 } from './amf0.ts'
import { createChunkReader } from './chunk-reader.ts'
import { encodeMessage } from './chunk-writer.ts'
import { decodeCommand, encodeCommand } from './command.ts'
import { messageType, type RtmpMessage } from './message.ts'
import { RtmpError, type RtmpErrorCode } from './rtmp-error.ts'
import { createServerSession, type SessionEvent } from './server-session.ts'

const limits = { messageBytes: 1 << 20, chunkStreams: 16 }

const fails = (code: RtmpErrorCode) => (error: unknown) => error instanceof RtmpError && error.code === code

const message = (fields: Partial<RtmpMessage>): RtmpMessage => ({
  chunkStreamId: 4,
  timestamp: 0,
  typeId: messageType.audio,
  streamId: 1,
  payload: Buffer.alloc(0),
  ...fields,
})

/** The bytes in pieces of these sizes, over and over. */
const pieces = (bytes: Buffer, sizes: readonly number[]): readonly Buffer[] => {
  const found: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    found.push(bytes.subarray(at, at + size))
    at += size
  }
  return found
}

const anyMessage = fc.record(
  {
    chunkStreamId: fc.oneof(
      fc.integer({ min: 3, max: 63 }),
      fc.integer({ min: 64, max: 319 }),
      fc.integer({ min: 320, max: 65_599 }),
    ),
    timestamp: fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0xfffffe, 0xffffff, 0x1000000)),
    typeId: fc.constantFrom(8, 9, 18, 20),
    streamId: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    payload: fc.uint8Array({ maxLength: 1000 }).map((bytes) => Buffer.from(bytes)),
  },
  { noNullPrototype: true },
)

test('messages come back as they were written, however the bytes arrive', () => {
  fc.assert(
    fc.property(
      fc.array(anyMessage, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
      (messages, sizes) => {
        const reader = createChunkReader({ ...limits, chunkStreams: 100 })
        const bytes = Buffer.concat(messages.map((one) => encodeMessage(one)))
        const read = pieces(bytes, sizes).flatMap((piece) => reader.push(piece))
        assert.deepEqual(read, messages)
      },
    ),
  )
})

test('chunks of two streams lie between each other; formats 1 to 3 take over what they leave out', () => {
  const reader = createChunkReader(limits)
  const long = Buffer.alloc(130, 7)
  const bytes = Buffer.concat([
    Buffer.of(0x04, 0, 0, 100, 0, 0, 130, 9, 1, 0, 0, 0),
    long.subarray(0, 128),
    Buffer.of(0x05, 0, 0, 50, 0, 0, 1, 8, 1, 0, 0, 0, 0xaa),
    Buffer.of(0xc4, 7, 7),
    // Format 1: 40 ms later, three bytes; format 2: 20 ms later; format 3: again 20 ms later.
    Buffer.of(0x44, 0, 0, 40, 0, 0, 3, 9, 1, 2, 3),
    Buffer.of(0x84, 0, 0, 20, 4, 5, 6),
    Buffer.of(0xc4, 7, 8, 9),
  ])
  const read = reader.push(bytes)
  assert.deepEqual(
    read.map(({ chunkStreamId, timestamp, payload }) => [chunkStreamId, timestamp, payload.length]),
    [
      [5, 50, 1],
      [4, 100, 130],
      [4, 140, 3],
      [4, 160, 3],
      [4, 180, 3],
    ],
  )
})

test('an extended timestamp is read in chunks of format 3, whether it is repeated there or not', () => {
  const payload = Buffer.alloc(200, 1)
  const head = Buffer.of(0x04, 0xff, 0xff, 0xff, 0, 0, 200, 9, 1, 0, 0, 0, 0x01, 0, 0, 0)
  const repeated = [head, payload.subarray(0, 128), Buffer.of(0xc4, 0x01, 0, 0, 0), payload.subarray(128)]
  const left = [head, payload.subarray(0, 128), Buffer.of(0xc4), payload.subarray(128)]
  for (const parts of [repeated, left]) {
    const [read] = createChunkReader(limits).push(Buffer.concat(parts))
    assert.equal(read?.timestamp, 0x1000000)
    assert.deepEqual(read?.payload, payload)
  }
})

test('a new chunk size holds from the next chunk on, and an abort forgets what was begun', () => {
  const reader = createChunkReader(limits)
  const size = message({ chunkStreamId: 2, typeId: messageType.setChunkSize, payload: Buffer.of(0, 0, 4, 0) })
  reader.push(encodeMessage(size))
  const [read] = reader.push(encodeMessage(message({ payload: Buffer.alloc(1000, 3) }), 1024))
  assert.equal(read?.payload.length, 1000)
  const begun = encodeMessage(message({ payload: Buffer.alloc(2000, 3) }), 1024).subarray(0, 12 + 1024)
  const abort = message({ chunkStreamId: 2, typeId: messageType.abort, payload: Buffer.of(0, 0, 0, 4) })
  const behind = message({ payload: Buffer.of(9) })
  const after = reader.push(Buffer.concat([begun, encodeMessage(abort), encodeMessage(behind)]))
  assert.deepEqual(after.at(-1), behind)
})

test('what is no chunk, or too much, is refused by name', () => {
  const reader = () => createChunkReader(limits)
  assert.throws(() => reader().push(Buffer.of(0xc4, 1)), fails('rtmp.bad_chunk'))
  assert.throws(
    () => reader().push(Buffer.of(0x04, 0, 0, 0, 0xff, 0xff, 0xff, 9, 1, 0, 0, 0)),
    fails('rtmp.message_too_long'),
  )
  const many = Array.from({ length: 17 }, (_, index) => encodeMessage(message({ chunkStreamId: 3 + index })))
  assert.throws(() => reader().push(Buffer.concat(many)), fails('rtmp.too_many_chunk_streams'))
  const zero = message({ chunkStreamId: 2, typeId: messageType.setChunkSize, payload: Buffer.alloc(4) })
  assert.throws(() => reader().push(encodeMessage(zero)), fails('rtmp.bad_chunk'))
  // Each message stays below the bound; what is open of all of them does not.
  const open = Array.from({ length: 3 }, (_, index) => {
    const whole = encodeMessage(message({ chunkStreamId: 5 + index, payload: Buffer.alloc(500_000) }), 450_000)
    return whole.subarray(0, 12 + 450_000)
  })
  const sized = reader()
  sized.push(
    encodeMessage(
      message({ chunkStreamId: 2, typeId: messageType.setChunkSize, payload: Buffer.of(0, 0x06, 0xdd, 0xd0) }),
    ),
  )
  assert.throws(() => sized.push(Buffer.concat(open)), fails('rtmp.message_too_long'))
})

const anyValue: fc.Arbitrary<AmfValue> = fc.letrec<{ value: AmfValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(undefined, null, true, false),
    fc.double({ noNaN: true }),
    fc.string(),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string({ minLength: 1 }), tie('value')), { maxLength: 4 }).map((entries) => objectOf(entries)),
  ),
})).value

test('values of AMF 0 come back as they were written', () => {
  fc.assert(
    fc.property(fc.array(anyValue, { maxLength: 5 }), (values) => {
      assert.deepEqual(decodeAmf0(encodeAmf0(values)), values)
    }),
  )
  assert.deepEqual(decodeAmf0(encodeAmf0(['x'.repeat(70_000)])), ['x'.repeat(70_000)])
})

test('a member named as JavaScript names its own is a member like others', () => {
  const [object] = decodeAmf0(encodeAmf0([objectOf([['__proto__', { admin: true }]])]))
  assert.deepEqual(Object.keys(object as object), ['__proto__'])
  assert.equal((object as { admin?: boolean }).admin, undefined)
})

test('values of AMF 3 are read where those of AMF 0 change over to them', () => {
  const text = Buffer.of(0x06, 0x07, 0x66, 0x6f, 0x6f)
  const again = Buffer.of(0x06, 0x00)
  const object = Buffer.concat([
    Buffer.of(0x0a, 0x1b, 0x01, 0x03, 0x61),
    Buffer.of(0x04, 0xff, 0xff, 0xff, 0xff),
    Buffer.of(0x03, 0x62, 0x09, 0x05, 0x01, 0x02, 0x03),
    Buffer.of(0x01),
  ])
  const read = (bytes: Buffer) => decodeAmf0(Buffer.concat([Buffer.of(0x11), bytes]))
  assert.deepEqual(read(text), ['foo'])
  assert.deepEqual(read(Buffer.concat([Buffer.of(0x09, 0x05, 0x01), text, again])), [['foo', 'foo']])
  assert.deepEqual(read(object), [
    objectOf([
      ['a', -1],
      ['b', [false, true]],
    ]),
  ])
  assert.deepEqual(read(Buffer.of(0x0c, 0x05, 1, 2)), [Uint8Array.of(1, 2)])
  assert.throws(() => read(Buffer.of(0x0d, 0x01)), fails('rtmp.bad_amf'))
  assert.throws(() => read(Buffer.of(0x06, 0x02)), fails('rtmp.bad_amf'))
})

test('values that lie too deep, are too many or end too soon are refused', () => {
  const deep = Buffer.concat(Array.from({ length: maxDepth + 2 }, () => Buffer.of(0x0a, 0, 0, 0, 1)))
  assert.throws(() => decodeAmf0(deep), fails('rtmp.bad_amf'))
  assert.throws(() => decodeAmf0(Buffer.alloc(5000, 5)), fails('rtmp.bad_amf'))
  assert.throws(() => decodeAmf0(Buffer.of(2, 0, 9, 1)), fails('rtmp.bad_amf'))
  assert.throws(() => decodeAmf0(Buffer.of(7, 0, 0)), fails('rtmp.bad_amf'))
})

const newSession = () => createServerSession({ limits, fourCcs: ['avc1', 'mp4a'], nowMs: () => 1000 })

const greet = (session: ReturnType<typeof newSession>): void => {
  const hello = session.push(Buffer.concat([Buffer.of(3), Buffer.alloc(1536, 5)]))
  assert.equal(hello[0]?.type === 'send' && hello[0].bytes.length, 1 + 2 * 1536)
  assert.deepEqual(session.push(Buffer.alloc(1536)), [])
}

const command = (name: string, transactionId: number, object: AmfValue, args: AmfValue[] = [], streamId = 0): Buffer =>
  encodeMessage(
    message({
      chunkStreamId: 3,
      typeId: messageType.commandAmf0,
      streamId,
      payload: encodeCommand({ name, transactionId, object: object as null, args }),
    }),
  )

/** The commands among what was sent, as the encoder reads them. */
const said = (events: readonly SessionEvent[]) => {
  const reader = createChunkReader(limits)
  return events
    .flatMap((event) => (event.type === 'send' ? reader.push(event.bytes) : []))
    .filter(({ typeId }) => typeId === messageType.commandAmf0)
    .map(decodeCommand)
}

test('an encoder connects, publishes, sends media and goes', () => {
  const session = newSession()
  greet(session)
  const [connected] = said(
    session.push(command('connect', 1, { app: 'live', flashVer: 'FMLE/3.0', fourCcList: ['avc1', 'hvc1'] })),
  )
  assert.equal(connected?.name, '_result')
  const [info] = (connected?.args ?? []) as { code: string; fourCcList: string[] }[]
  assert.equal(info?.code, 'NetConnection.Connect.Success')
  assert.deepEqual(info?.fourCcList, ['avc1', 'mp4a'])
  assert.equal(said(session.push(command('releaseStream', 2, null, ['key'])))[0]?.name, '_result')
  assert.equal(said(session.push(command('FCPublish', 3, null, ['key'])))[0]?.name, 'onFCPublish')
  assert.deepEqual(said(session.push(command('createStream', 4, null)))[0]?.args, [1])
  assert.deepEqual(session.push(command('publish', 5, null, ['key', 'live'], 1)), [
    { type: 'publish', app: 'live', name: 'key', encoder: 'FMLE/3.0' },
  ])
  const [start] = said([{ type: 'send', bytes: session.accept() }])
  assert.deepEqual(
    start?.args[0],
    objectOf([
      ['level', 'status'],
      ['code', 'NetStream.Publish.Start'],
      ['description', 'the stream is published'],
    ]),
  )
  const metadata = encodeAmf0(['@setDataFrame', 'onMetaData', { width: 1280 }])
  assert.deepEqual(session.push(encodeMessage(message({ typeId: messageType.dataAmf0, payload: metadata }))), [
    { type: 'metadata', values: objectOf([['width', 1280]]) },
  ])
  const payload = Buffer.of(0xaf, 1, 2)
  const times = [2 ** 32 - 20, 3, 26, 20].map((timestamp) => {
    const [event] = session.push(encodeMessage(message({ timestamp, payload })))
    return event?.type === 'audio' ? event.timeMs : undefined
  })
  assert.deepEqual(times, [2 ** 32 - 20, 2 ** 32 + 3, 2 ** 32 + 26, 2 ** 32 + 20])
  assert.deepEqual(session.push(command('deleteStream', 6, null, [1])), [{ type: 'unpublish' }])
})

const publishing = () => {
  const session = newSession()
  greet(session)
  session.push(command('connect', 1, { app: 'live' }))
  session.push(command('createStream', 2, null))
  session.push(command('publish', 3, null, ['key', 'live'], 1))
  session.accept()
  return session
}

/** A message as it stands in an aggregate. */
const part = (typeId: number, timestamp: number, payload: Buffer): Buffer => {
  const bytes = Buffer.alloc(11 + payload.length + 4)
  bytes.writeUInt8(typeId)
  bytes.writeUIntBE(payload.length, 1, 3)
  bytes.writeUIntBE(timestamp & 0xffffff, 4, 3)
  bytes.writeUInt8(timestamp >>> 24, 7)
  payload.copy(bytes, 11)
  bytes.writeUInt32BE(11 + payload.length, 11 + payload.length)
  return bytes
}

const aggregate = (payload: Buffer): Buffer =>
  encodeMessage(message({ typeId: messageType.aggregate, timestamp: 5_000, payload }))

test('an aggregate is taken apart, at its own time', () => {
  const [video, audio] = [Buffer.of(0x17, 1, 0, 0, 0), Buffer.of(0xaf, 1, 2)]
  const events = publishing().push(
    aggregate(Buffer.concat([part(messageType.video, 2 ** 24, video), part(messageType.audio, 2 ** 24 + 23, audio)])),
  )
  assert.deepEqual(events, [
    { type: 'video', timeMs: 5_000, payload: video },
    { type: 'audio', timeMs: 5_023, payload: audio },
  ])
})

test('an aggregate that ends too soon, or holds another one, is refused', () => {
  const whole = part(messageType.audio, 0, Buffer.of(0xaf, 1, 2))
  const nested = Buffer.from(whole)
  nested[0] = messageType.aggregate
  for (const payload of [whole.subarray(0, 5), whole.subarray(0, 12), nested])
    assert.throws(() => publishing().push(aggregate(payload)), fails('rtmp.bad_aggregate'))
  const { length } = publishing().push(aggregate(whole.subarray(0, -4)))
  assert.equal(length, 1, 'the last back pointer may be missing')
})

test('a refused stream is told why', () => {
  const session = newSession()
  greet(session)
  session.push(command('connect', 1, { app: 'live' }))
  session.push(command('createStream', 2, null))
  session.push(command('publish', 3, null, ['wrong'], 1))
  const [refused] = said([{ type: 'send', bytes: session.refuse('this stream key is not known') }])
  assert.deepEqual(
    refused?.args[0],
    objectOf([
      ['level', 'error'],
      ['code', 'NetStream.Publish.BadName'],
      ['description', 'this stream key is not known'],
    ]),
  )
})

test('a connect that lacks what others rely on is answered, not fatal', () => {
  const session = newSession()
  greet(session)
  assert.equal(said(session.push(command('connect', 1, null)))[0]?.name, '_error')
  assert.equal(said(session.push(command('connect', 2, { app: 'live' })))[0]?.name, '_result')
})

test('words out of turn end the session', () => {
  const begun = () => {
    const session = newSession()
    greet(session)
    return session
  }
  assert.throws(() => newSession().push(Buffer.of(6)), fails('rtmp.bad_version'))
  assert.throws(() => begun().push(command('publish', 1, null, ['key'], 1)), fails('rtmp.out_of_turn'))
  assert.throws(() => begun().push(encodeMessage(message({ payload: Buffer.of(1) }))), fails('rtmp.out_of_turn'))
  assert.throws(
    () => begun().push(encodeMessage(message({ typeId: messageType.commandAmf0, payload: encodeAmf0([1]) }))),
    fails('rtmp.bad_command'),
  )
})

test('who is not let in yet says little; who publishes may say more', () => {
  const session = newSession()
  greet(session)
  const long = { typeId: messageType.video, streamId: 1, payload: Buffer.alloc(300_000, 0x17) }
  const stranger = newSession()
  greet(stranger)
  assert.throws(() => stranger.push(encodeMessage(message(long))), fails('rtmp.message_too_long'))
  const talker = newSession()
  greet(talker)
  const word = encodeMessage(message({ typeId: messageType.acknowledgement, payload: Buffer.alloc(4) }))
  assert.throws(() => talker.push(Buffer.concat(Array.from({ length: 1_001 }, () => word))), fails('rtmp.out_of_turn'))
  const sender = newSession()
  greet(sender)
  const heavy = encodeMessage(message({ typeId: messageType.acknowledgement, payload: Buffer.alloc(200_000) }))
  assert.throws(() => {
    for (let index = 0; index < 6; index++) sender.push(heavy)
  }, fails('rtmp.out_of_turn'))
  session.push(command('connect', 1, { app: 'live' }))
  session.push(command('createStream', 2, null))
  session.push(command('publish', 3, null, ['key', 'live'], 1))
  session.accept()
  assert.deepEqual(
    session.push(encodeMessage(message(long))).map(({ type }) => type),
    ['video'],
  )
})

test('pings are answered, and what was received is acknowledged by the window that was asked for', () => {
  const session = newSession()
  greet(session)
  const ping = message({
    chunkStreamId: 2,
    typeId: messageType.userControl,
    payload: Buffer.of(0, 6, 0, 0, 0, 42),
  })
  const pong = session.push(encodeMessage(ping))[0]
  assert.ok(pong?.type === 'send')
  assert.deepEqual(createChunkReader(limits).push(pong.bytes)[0]?.payload, Buffer.of(0, 7, 0, 0, 0, 42))
  const window = message({
    chunkStreamId: 2,
    typeId: messageType.windowAcknowledgementSize,
    payload: Buffer.of(0, 0, 0, 1),
  })
  const acknowledged = session.push(encodeMessage(window)).at(-1)
  assert.ok(acknowledged?.type === 'send')
  const [answer] = createChunkReader(limits).push(acknowledged.bytes)
  assert.equal(answer?.typeId, messageType.acknowledgement)
  assert.equal(answer?.payload.readUInt32BE(0), 1 + 2 * 1536 + 18 + 16)
})

test('no bytes do more than end the session', () => {
  const opening = Buffer.concat([
    command('connect', 1, { app: 'live' }),
    command('createStream', 2, null),
    command('publish', 3, null, ['key'], 1),
    encodeMessage(message({ payload: Buffer.alloc(300) })),
  ])
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(opening.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      fc.uint8Array({ maxLength: 200 }),
      (changes, tail) => {
        const bytes = Buffer.concat([opening, tail])
        for (const [at, byte] of changes) bytes[at] = byte
        const session = newSession()
        greet(session)
        try {
          session.push(bytes)
        } catch (error) {
          assert.ok(error instanceof RtmpError, String(error))
        }
      },
    ),
    { numRuns: 2000 },
  )
})
