import { randomBytes } from 'node:crypto'
import type { Role } from '#libs/access/roles.ts'
import type { Sightings } from '#libs/addresses/sightings.ts'
import type { LookUps } from '#libs/channel/acts/looked-up.ts'
import type { AttachmentsFact } from '#libs/channel/attachments/uploads.ts'
import type { ChannelHistory, MemberFacts } from '#libs/channel/edge.ts'
import { type Person, roleIn } from '#libs/channel/edge-view.ts'
import {
  createKnownGlobals,
  type GlobalEmoteReads,
  type KnownGlobals,
  lookEveryMs,
} from '#libs/channel/emotes/globals.ts'
import type { ClassifyWhereAsked, PolicyAsksOf } from '#libs/channel/policy/asks.ts'
import type { ReceiverFacts, WhisperHistory } from '#libs/conversation/edge.ts'
import type { ClientAddress } from '#libs/http/address.ts'
import { gcraLimiter } from '#libs/http/rate-limit.ts'
import { safeError } from '#libs/http/safe-error.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import type { Log } from '#libs/journal/log.ts'
import type { OutcomeRecord, Position } from '#libs/journal/outcome.ts'
import { nativeLimits } from '#libs/protocols/native/limits.ts'
import { gauge, meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import { createAccountIngest } from './account-ingest.ts'
import { createAddressCounts } from './addresses.ts'
import { type BroadcastNewsOptions, createBroadcastNews } from './broadcast-news.ts'
import { createChannelIngest } from './channel-ingest.ts'
import { type Arrival, openDoor } from './door.ts'
import { startHeartbeat } from './heartbeat.ts'
import { createIntake } from './intake.ts'
import { type IrcOptions, openIrc } from './irc/irc.ts'
import { createJoining } from './joining.ts'
import { createMemberFacts } from './member-facts.ts'
import { createNuking, type NukingOptions } from './nuking.ts'
import { announcePolls } from './polls.ts'
import { createPosting } from './posting.ts'
import { createAnnouncer } from './presence/announcer.ts'
import { startSharing } from './presence/sharing.ts'
import { presenceSink } from './presence/sink.ts'
import { createPresenceTable } from './presence/table.ts'
import { type AskingOptions, createAsking } from './questions/asking.ts'
import type { ReadAll } from './read-all.ts'
import { createRooms } from './rooms.ts'
import { type Authentication, createSession } from './session.ts'
import { createSessions } from './sessions.ts'
import { createWhisperLanes } from './whispers/lanes.ts'
import { createWhispering } from './whispers/whispering.ts'

export type EdgeOptions = {
  readonly port: number
  /** How long a resume waits for the read model to have what lies before the ring; 10 s by default. */
  readonly historyMs?: number
  readonly host?: string | undefined
  readonly origins: ReadonlySet<string>
  readonly clientAddress: ClientAddress
  /** The log's id: numbers of another epoch count for nothing. */
  readonly epoch: string
  readonly log: Log
  readonly replication: number
  readonly partitionOf: (channel: string) => number
  readonly history: ChannelHistory
  readonly whispers: {
    readonly partitionOf: (accountId: string) => number
    readonly history: WhisperHistory
    /** What the read models say of who is whispered to. */
    readonly receiver: (senderId: string, receiverId: string) => Promise<ReceiverFacts>
  }
  readonly keys: Pick<PersonalKeys, 'prefetch' | 'open' | 'forget'>
  readonly authentication: Authentication
  readonly gateway: CommandGateway
  readonly followersAmong: BroadcastNewsOptions['followersAmong']
  /** What the read models say of an account in a channel. */
  readonly memberFacts: (channel: string, accountId: string) => Promise<MemberFacts>
  /** What read models know of what an act names. */
  readonly lookUps?: LookUps | undefined
  readonly nukes: NukingOptions['nukes']
  /** What `query` and `command` frames are answered by. */
  readonly questions: Pick<AskingOptions, 'refused' | 'waitForPosition' | 'allowances'> & {
    readonly routes: (shared: { readonly globalEmotes: Pick<KnownGlobals, 'current'> }) => AskingOptions['routes']
  }
  /** What somebody is in a channel that nobody here follows. */
  readonly roleOf: (channel: string, person: Person) => Promise<Role>
  /** The platform's own emotes. */
  readonly emotes: GlobalEmoteReads
  /** What is found of the uploads that a post names. */
  readonly attachments: AttachmentsFact
  /** From where accounts came: noted as they say who they are, and held against bans of addresses. */
  readonly sightings: Pick<Sightings, 'keysOf' | 'of' | 'note'>
  readonly readAll: ReadAll
  /** Whether the journals have been read to their end as it was at the start, and commands can be sent. */
  readonly ready: () => boolean
  readonly diskFull: () => boolean
  /** An outside model that is asked of posts. */
  readonly classify?: ClassifyWhereAsked | undefined
  /** What the policies of channels ask for. */
  readonly policyAsks?: PolicyAsksOf | undefined
  readonly irc: IrcOptions
  /** Whether an address, or its /64, may not come in. */
  readonly isBanned?: ((address: string) => boolean) | undefined
  readonly logger: Logger
  /** Bytes of frames that all rings together may hold. */
  readonly ringBytes?: number
  /** How often presence is told and shared, 1,000 by default. */
  readonly presenceEveryMs?: number
  readonly now?: () => number
}

/** A live edge: fed with the outcomes of the journals, it serves its sockets. */
export type Edge = {
  readonly port: number
  /** Of IRC over TCP; undefined where it is not spoken. */
  readonly ircPort: number | undefined
  /** Where a partition of the channel journal is read from. */
  readonly startAt: (partition: number, position: Position) => void
  readonly channelOutcomes: (partition: number, records: readonly OutcomeRecord[], position: Position) => Promise<void>
  readonly accountOutcomes: (records: readonly OutcomeRecord[]) => void
  readonly broadcastOutcomes: (records: readonly OutcomeRecord[]) => void
  /** Where a partition of the journal of whispers is read from, and what is read there. */
  readonly whispersStartAt: (partition: number, position: Position) => void
  readonly whisperOutcomes: (partition: number, records: readonly OutcomeRecord[], position: Position) => Promise<void>
  readonly connections: () => number
  /** Cuts who is connected from where nobody may any more. */
  readonly cutBanned: () => void
  /** Sends everybody elsewhere, sees what was posted to its outcome, and lets go. */
  readonly close: () => Promise<void>
}

const RING_BYTES = 67_108_864
const DRAIN_MS = 3000

/** When a client is to come back: soon, but not all of them at once. */
const reconnectAfterMs = (): number => 250 + Math.floor(Math.random() * 2000)

export const startEdge = async (options: EdgeOptions): Promise<Edge> => {
  const { logger, epoch, gateway, history, keys, log } = options
  const { now = Date.now, presenceEveryMs: everyMs = 1000 } = options
  const alarm = (code: string, details: Readonly<Record<string, unknown>>): void => {
    meters().alarms.add(1, { code })
    logger.error({ code, ...details }, 'alarm')
  }
  const onError = (error: unknown): void => logger.warn({ error: safeError(error) }, 'live request failed')

  const { note } = options.sightings
  const sessions = createSessions({ now, met: (accountId, address) => void note(accountId, address) })
  const rooms = createRooms({
    history,
    partitionOf: options.partitionOf,
    positionOf: (partition) => ingest.positionOf(partition),
    isErased: sessions.isErased,
    ringBytes: options.ringBytes ?? RING_BYTES,
    now,
  })
  const ingest = createChannelIngest({
    rooms,
    keys,
    alarm,
    onMember: (channel, member, lesson) => facts.learn(channel, member, lesson),
    onPolicy: options.policyAsks?.learn,
  })
  const lanes = createWhisperLanes({ ...options.whispers, epoch, keys, readAll: options.readAll, alarm })
  const accountOutcomes = createAccountIngest({
    rooms,
    whispers: lanes,
    sessions,
    keys: {
      forget: (accountId) => {
        keys.forget(accountId)
        irc.forget(accountId)
      },
    },
    facts: { confirmed: (accountId) => facts.confirmed(accountId) },
    alarm,
  })
  const limiter = gcraLimiter({ now })
  const addresses = createAddressCounts()
  const facts = createMemberFacts({ rooms, load: options.memberFacts, asks: options.policyAsks, onError, now })
  const table = createPresenceTable((channel) => rooms.get(channel)?.view?.modes.hidden_presence !== undefined)
  const globalEmotes = createKnownGlobals(options.emotes)
  await globalEmotes.refresh()
  const looking = setInterval(() => void globalEmotes.refresh(), lookEveryMs).unref()
  const roleOf: NukingOptions['roleOf'] = (channel, identity) => {
    const view = rooms.get(channel)?.view
    return view ? (roleIn(view, identity) ?? 'member') : options.roleOf(channel, identity)
  }
  const post = createPosting({
    gateway,
    limiter,
    facts,
    globalEmotes,
    attachments: options.attachments,
    lookUps: options.lookUps,
    roleOf,
    sightings: options.sightings,
    classify: options.classify,
    diskFull: options.diskFull,
    onPost: (accountId) => table.says(accountId, { afk: false }),
    onError,
    now,
  })

  const nuke = createNuking({
    gateway,
    limiter,
    nukes: options.nukes,
    lookUps: options.lookUps,
    roleOf,
    positionOf: (channel) => ingest.positionOf(options.partitionOf(channel)),
    sightings: options.sightings,
    diskFull: options.diskFull,
    onError,
    now,
  })

  const questions = createAsking({
    ...options.questions,
    routes: options.questions.routes({ globalEmotes }),
    gateway,
    limiter,
    onError,
  })

  const announcer = createAnnouncer(table, everyMs)
  const sharing = await startSharing({
    log,
    table,
    edge: randomBytes(8).toString('hex'),
    replication: options.replication,
    onError: (error) => logger.warn({ error: safeError(error) }, 'presence is not shared'),
    now,
  })
  // The first produce of a process can stall for most of a second: it is made before anybody waits for one.
  await sharing.tick()

  const whisper = createWhispering({
    gateway,
    limiter,
    receiver: options.whispers.receiver,
    diskFull: options.diskFull,
    onError,
    now,
  })

  const session = createSession({
    rooms,
    sessions,
    authentication: options.authentication,
    presence: presenceSink(table, announcer),
    join: createJoining({ epoch, history, readAll: options.readAll, historyMs: options.historyMs, now }),
    post,
    nuke,
    questions,
    whisper,
    whispers: lanes,
    onError,
    now,
  })

  const welcome = ({ connection, ws, cookie }: Arrival): void => {
    const take = createIntake({
      connection,
      cookie,
      session,
      limiter,
      pause: () => ws.pause(),
      resume: () => ws.resume(),
    })
    ws.on('message', (data, isBinary) => {
      connection.seenAt = now()
      take(data as Buffer, isBinary)
    })
    ws.on('close', () => session.end(connection))
    connection.send({
      type: 'hello',
      protocol: 1,
      epoch,
      session: connection.id,
      serverTime: now(),
      limits: nativeLimits,
    })
  }

  const irc = await openIrc(
    { ...options, addresses, rooms, sessions, post, whisper, lanes, table, limiter, onError, now },
    options.irc,
  )
  const others = { '/': irc.upgrade }
  const door = await openDoor({ ...options, onArrival: welcome, others, addresses, now }).catch((error: unknown) => {
    irc.shut()
    throw error
  })
  const connected = () => door.connections.size + irc.connections.size
  const everybody = function* () {
    yield* door.connections
    yield* irc.connections
  }
  const stopHeartbeat = startHeartbeat(everybody, now)
  const ticking = setInterval(() => {
    rooms.sweep()
    announcer.announce(rooms, now())
    announcePolls(rooms)
    irc.tick()
    void sharing.tick()
  }, everyMs).unref()
  const removeGauges = [
    gauge('whiply_connections', 'Live connections', () => [{ value: connected() }]),
    gauge('whiply_ring_bytes', 'Bytes of frames kept for resumes', () => [{ value: rooms.ringBytes() }]),
  ]

  const close = async (): Promise<void> => {
    door.shut()
    for (const connection of door.connections)
      connection.send({ type: 'closing', reconnectAfterMs: reconnectAfterMs() })
    irc.shut()
    await gateway.close(DRAIN_MS)
    for (const connection of door.connections) connection.close('goingAway', 'resume elsewhere')
    await Promise.all([door.empty(DRAIN_MS), irc.empty(DRAIN_MS)])
    clearInterval(ticking)
    clearInterval(looking)
    stopHeartbeat()
    for (const remove of removeGauges) remove()
    await sharing.close()
  }
  let closing: Promise<void> | undefined

  return {
    port: door.port,
    ircPort: irc.port,
    startAt: ingest.startAt,
    channelOutcomes: ingest.outcomes,
    accountOutcomes,
    broadcastOutcomes: createBroadcastNews({
      rooms,
      connections: () => door.connections,
      followersAmong: options.followersAmong,
      alarm,
      onError,
      now,
    }),
    whispersStartAt: lanes.startAt,
    whisperOutcomes: lanes.outcomes,
    connections: connected,
    cutBanned: () => {
      for (const connection of everybody())
        if (options.isBanned?.(connection.address)) connection.close('addressBanned', 'your address is banned')
    },
    close: () => {
      closing ??= close()
      return closing
    },
  }
}
