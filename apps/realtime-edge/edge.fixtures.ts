import type { TestContext } from 'node:test'
import { scopes } from '#libs/access/scopes.ts'
import type { ChannelHistory } from '#libs/channel/edge.ts'
import { type EdgeView, evolveView } from '#libs/channel/edge-view.ts'
import { type LaneFrame, skipFrame } from '#libs/channel/frames/lane-frame.ts'
import { isNumbered, laneFrame } from '#libs/channel/frames.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { IdentityEvent } from '#libs/contracts/generated/identity.ts'
import type { Clear, Open, Seal, Sealed } from '#libs/contracts/sealed.ts'
import { clientAddress } from '#libs/http/address.ts'
import type { CommandGateway, OutboundCommand } from '#libs/journal/gateway.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { memoryLog } from '#libs/journal/memory/log.ts'
import { type Detail, eventId, type Outcome, type OutcomeRecord, type Position } from '#libs/journal/outcome.ts'
import type { ServerFrame } from '#libs/protocols/native/server-frames.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { until } from '#libs/testing/until.ts'
import { type Edge, type EdgeOptions, startEdge } from './edge.ts'
import type { Names } from './irc/people.ts'
import type { Identity } from './recipient.ts'

export const epoch = 'log-1'
export const channel = '1001'
const identity = (accountId: string, name: string): Identity => ({
  accountId,
  handle: name.toLowerCase(),
  name,
  sessionId: `session-${accountId}`,
  platformRole: 'user',
  scopes,
  mustChangePassword: false,
})

export const owner = identity('1', 'Owner')
export const ada = identity('42', 'Ada')
export const bob = identity('43', 'Bob')

/** Opens and seals without a cipher: the person's id stands before the text, and the erased are not opened. */
const createKeys = () => {
  const erased = new Set<string>()
  const seal: Seal = (subject, _eventId, _field, text) => Buffer.from(`${subject}:${text}`) as Sealed
  const open: Open = (subject, _eventId, _field, sealed) =>
    erased.has(subject) ? undefined : sealed.toString().slice(subject.length + 1)
  return { seal, open, prefetch: async () => {}, forget: () => {}, erase: (subject: string) => erased.add(subject) }
}

/** The frames in a run of bytes as a client reads them; none is longer than 65,535 bytes here. */
export const framesIn = (bytes: Buffer): readonly ServerFrame[] => {
  const frames: ServerFrame[] = []
  for (let at = 0; at < bytes.length; ) {
    const short = bytes.readUInt8(at + 1)
    const [start, length] = short < 126 ? [at + 2, short] : [at + 4, bytes.readUInt16BE(at + 2)]
    frames.push(JSON.parse(bytes.toString('utf8', start, start + length)))
    at = start + length
  }
  return frames
}

/** What was held carries ciphertext of another event, and does not happen here. */
type WorldEvent = Exclude<Clear<ChannelEvent>, { type: 'HeldMessageApproved' }>
type Entry = { readonly record: OutcomeRecord; readonly event: WorldEvent }

/**
 * A platform in small behind real edges: one channel whose journal is an array, a read model that is a fold over it and
 * may be held back, and a decider that accepts every post.
 */
export const createWorld = () => {
  const keys = createKeys()
  const log = memoryLog()
  const journal: Entry[] = []
  const edges = new Map<Edge, number>()
  const followers = new Set<string>()
  const identities = new Map<string, Identity>()
  /** How many records of the journal the read model has; all of them unless it is held back. */
  let held: number | undefined
  let reads = 0
  let lastSeq = 0
  let deciding = true
  let full = false
  let namesAway = false

  const rows = () => journal.slice(0, held)

  const view = (): EdgeView | undefined => {
    const [first, ...rest] = rows()
    if (first?.event.type !== 'ChannelCreated') return undefined
    const created: EdgeView = {
      ownerId: first.event.ownerId,
      slug: first.event.slug,
      topic: null,
      slowModeSeconds: 0,
      roles: new Map(),
      timeouts: new Map(),
      modes: {},
      seq: 1,
      moderationSeq: 0,
    }
    return rest.reduce((read, { event, record }) => evolveView(read, event, record.at), created)
  }

  const shown = ({ record, event }: Entry): LaneFrame[] =>
    isNumbered(event) ? [laneFrame(channel, event, record.at, record.commandId)] : []

  const history: ChannelHistory = {
    open: async (asked, minPosition) => {
      reads++
      await until(() => rows().length >= Number(minPosition?.split('.')[2] ?? 0), { timeoutMs: 1000 })
      return asked === channel ? view() : undefined
    },
    between: async (_asked, from, to) => {
      reads++
      const deleted = new Set(
        rows().flatMap(({ event }) => (event.type === 'MessageDeleted' ? [event.messageSeq] : [])),
      )
      // Every record here has one event, so a public number is not beyond its record's.
      return rows()
        .slice(from - 1)
        .flatMap(shown)
        .filter(({ lane, number }) => lane === 'public' && number >= from && number <= to)
        .map((frame) =>
          deleted.has(frame.number)
            ? { lane: 'public', number: frame.number, frame: skipFrame(channel, frame.number) }
            : frame,
        )
    },
    moderationBetween: async (_asked, from, to) =>
      rows()
        .flatMap(shown)
        .filter(({ lane, number }) => lane === 'moderation' && number >= from && number <= to),
    startOfLast: async (_asked, count, before) => {
      reads++
      const messages = rows().flatMap(({ event }) =>
        event.type === 'MessagePosted' && event.seq < before ? [event.seq] : [],
      )
      return messages.at(-count) ?? messages[0] ?? before
    },
  }

  const recordOf = (outcome: Outcome, n: number, commandId: string, family: 'account' | 'channel'): OutcomeRecord => ({
    family,
    partition: 0,
    offset: n,
    claim: 0,
    n,
    key: channel,
    at: 1_700_000_000_000 + n,
    commandOffset: n,
    commandId,
    commandType: 'Test',
    principal: 'test',
    origin: 'test',
    fingerprint: '',
    stateVersion: 1,
    outcome,
  })

  /** Hands what an edge has not read yet to it, all in one batch. */
  const feed = async (edge: Edge): Promise<void> => {
    const read = edges.get(edge)
    if (read === undefined || read >= journal.length) return
    edges.set(edge, journal.length)
    const batch = journal.slice(read).map(({ record }) => record)
    await edge.channelOutcomes(0, batch, positionAt(journal.length))
  }

  const positionAt = (n: number): Position => ({ logId: epoch, offset: n, claim: 0, n })

  const append = (event: WorldEvent, commandId: string = uuidv7(), traceparent?: string): OutcomeRecord => {
    const sealed = codecs.channel.sealEvent(event, eventId(commandId, 0), keys.seal)
    const summary: Detail = 'seq' in event ? { seq: event.seq } : {}
    const outcome: Outcome = { kind: 'accepted', events: [codecs.channel.encodeEvent(sealed)], summary }
    const record = {
      ...recordOf(outcome, journal.length + 1, commandId, 'channel'),
      ...(traceparent !== undefined && { traceparent }),
    }
    journal.push({ record, event })
    if ('seq' in event) lastSeq = event.seq
    return record
  }

  const happen = async (event: WorldEvent, commandId?: string, trace?: string): Promise<OutcomeRecord> => {
    const record = append(event, commandId, trace)
    for (const edge of edges.keys()) await feed(edge)
    return record
  }

  const seq = () => lastSeq

  /** A text that begins with `/me ` is what somebody does. */
  const say = (text: string, author: Identity = ada, id?: string, trace?: string) =>
    happen(
      {
        type: 'MessagePosted',
        ...channelAbsent.MessagePosted,
        seq: seq() + 1,
        author: author.accountId,
        authorName: author.name,
        text: text.replace(/^\/me /, ''),
        form: text.startsWith('/me ') ? 'action' : null,
      },
      id,
      trace,
    )

  const gateway: CommandGateway = {
    submit: async (command: OutboundCommand) => {
      if (!deciding) return undefined
      const post = codecs.channel.decodeCommand({ ...command, bytes: command.payload })
      if (post.type !== 'PostMessage') throw new Error('only posts here')
      const author = identity(command.principal, command.facts.displayName ?? '')
      if (post.text === 'refuse me')
        return recordOf(
          { kind: 'rejected', code: 'channel.timed_out', detail: { remainingMs: 5000 } },
          1,
          command.id,
          'channel',
        )
      return say(post.form === 'action' ? `/me ${post.text}` : post.text, author, command.id, command.traceparent)
    },
    observe: () => {},
    oldestPendingMs: () => (deciding ? 0 : 3000),
    pending: () => 0,
    close: async () => {},
  }

  const names: Names = {
    handles: async (accountIds) => {
      if (namesAway) throw new Error('the read model is away')
      const people = [owner, ada, bob, ...identities.values()]
      return new Map(people.flatMap((one) => (accountIds.includes(one.accountId) ? [[one.accountId, one.name]] : [])))
    },
    channel: async (name) => (name.toLowerCase() === 'lobby' ? channel : undefined),
  }

  const identify = (token: string, identity: Identity): string => {
    identities.set(token, identity)
    return token
  }

  /** A real edge on a port of its own that has read the journal so far; closed after the test. */
  const edge = async (t: Pick<TestContext, 'after'>, options: Partial<EdgeOptions> = {}): Promise<Edge> => {
    const started = await startEdge({
      port: 0,
      host: '127.0.0.1',
      origins: new Set(['https://page.example']),
      attachments: (_whose, tokens) => tokens?.join(' '),
      emotes: { version: async () => 0, load: async () => new Map() },
      clientAddress: clientAddress([]),
      epoch,
      log,
      replication: 1,
      partitionOf: () => 0,
      history,
      followersAmong: async (_channel, accountIds) => new Set(accountIds.filter((id) => followers.has(id))),
      whispers: {
        partitionOf: () => 0,
        history: { open: async () => ({ allow: 'everybody', blocked: [], whisperSeq: 0 }), between: async () => [] },
        receiver: async () => ({ exists: true, followed: false }),
      },
      keys,
      authentication: {
        byToken: async (token) => identities.get(token),
        byCookie: async (header) => identities.get(header),
      },
      gateway,
      roleOf: async () => 'member',
      questions: { routes: () => [], waitForPosition: async () => {} },
      nukes: {
        reads: { recent: async () => [] },
        once: async (_request, _asked, first, each) => each(await first(), false),
        waitForPosition: async () => {},
      },
      sightings: {
        keysOf: (address) => ({ address: `at ${address}`, network: 'near' }),
        of: async () => [],
        note: async () => {},
      },
      memberFacts: async (_channel, accountId) => ({ ...(followers.has(accountId) && { followedAt: '0' }) }),
      readAll: async () => {
        const end = journal.length
        await until(() => (edges.get(started) ?? 0) >= end)
      },
      ready: () => true,
      diskFull: () => full,
      irc: { port: 0, names },
      logger: createLogger('test', 'silent'),
      ...options,
    })
    started.startAt(0, positionAt(journal.length))
    edges.set(started, journal.length)
    t.after(() => started.close())
    return started
  }

  append({ type: 'ChannelCreated', channelId: channel, ownerId: owner.accountId, slug: 'lobby', seq: 1 })
  identify('owner', owner)
  identify('ada', ada)
  identify('bob', bob)

  return {
    keys,
    edge,
    append,
    feed,
    happen,
    say,
    seq,
    identify,
    /** Something happened in the family `account`. */
    account: (event: IdentityEvent) => {
      const outcome: Outcome = { kind: 'accepted', events: [codecs.account.encodeEvent(event)], summary: {} }
      for (const edge of edges.keys()) edge.accountOutcomes([recordOf(outcome, 1, uuidv7(), 'account')])
    },
    /** The edge reads nothing more until it is fed. */
    hold: (edge: Edge) => edges.delete(edge),
    release: async (edge: Edge, read: number) => {
      edges.set(edge, read)
      await feed(edge)
    },
    length: () => journal.length,
    holdReadModel: (records: number | undefined) => {
      held = records
    },
    reads: () => reads,
    setDeciding: (on: boolean) => {
      deciding = on
    },
    setNamesAway: (on: boolean) => {
      namesAway = on
    },
    /** The read models know that this account follows. */
    follow: (accountId: string) => followers.add(accountId),
    setDiskFull: (on: boolean) => {
      full = on
    },
  }
}
