import { codecs } from '#libs/contracts/codecs.ts'
import { openBrokerTime } from '#libs/journal/broker-time.ts'
import type { Family } from '#libs/journal/families.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { TransactionalLog } from '#libs/journal/publisher.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'
import type { JournalReader } from '#libs/journal/reader.ts'
import type { ReaderKeys } from '#libs/readmodel/erased.ts'
import { redacted } from '#libs/readmodel/errors.ts'
import { eventsIn } from '#libs/readmodel/events.ts'
import type { Place } from '#libs/readmodel/positions.ts'
import { type Share, shareByGroup } from '#libs/readmodel/share.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { PublicTopic } from '../public-topic.ts'
import { followGrants } from './follow-grants.ts'
import { type RelayedPartition, relayPartition } from './partition.ts'
import { type EncodeEvent, preparer } from './prepare.ts'
import { RelayPositionInvalid } from './state.ts'

/** The least time between two hand-overs of the reader: what comes meanwhile goes together. */
const GATHER_MS = 5

export type RelayOptions = {
  readonly log: Log
  readonly transactions: TransactionalLog
  readonly meta: Meta
  readonly topics: readonly PublicTopic[]
  readonly vault: { readonly keys: ReaderKeys; readonly reconciled: Pick<Vault['reconciled'], 'places'> }
  readonly encode: EncodeEvent
  /** Makes topics that are missing: the public ones, and these of integrators. */
  readonly ensureTopics: (topics: readonly string[]) => Promise<void>
  readonly retentionMs: number
  readonly logger: Logger
  /** Which partitions are this process's; by default those that the group `whiply.relay` gives it. */
  readonly share?: Share
}

export type Relay = {
  /** Whether all that was assigned to it has been taken over. */
  readonly ready: () => boolean
  readonly lag: JournalReader['lag']
  /** Rejects when it cannot go on; whoever runs it closes it and runs another. */
  readonly ended: Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Carries journals into public topics. Partitions are shared out among all relays by a group; that two have one at once
 * is harmless, since the transactional id of a partition belongs to who opened it last.
 */
export const runRelay = async (options: RelayOptions): Promise<Relay> => {
  const { log, transactions, meta, topics, vault, encode, ensureTopics, retentionMs, logger } = options
  const { logId } = meta
  const families: readonly Family[] = [...new Set(topics.map(({ family }) => family))]
  const end = Promise.withResolvers<void>()
  end.promise.catch(() => {})
  const prepare = preparer({ logId, topics, keys: vault.keys, encode })
  const brokerTime = openBrokerTime(log)
  const partitions = new Map<string, RelayedPartition>()
  /** By place, so that a partition that comes back waits until it has been let go. */
  const leaving = new Map<string, Promise<void>>()
  let wanted: ReadonlyMap<string, Place> = new Map()
  let assigned = false

  const reader = await openJournalReader({
    log,
    logId,
    families,
    gatherMs: GATHER_MS,
    onOutcomes: (family, partition, outcomes, to) => partitions.get(`${family}.${partition}`)?.take(outcomes, to),
    onPositionInvalid: (family, partition, position) => {
      meters().alarms.add(1, { code: 'relay.position_invalid' })
      logger.error({ family, partition, position }, 'the journal does not hold the record at this position')
      partitions
        .get(`${family}.${partition}`)
        ?.fail(new RelayPositionInvalid(`${family}.${partition} does not hold ${position.offset}`))
    },
    onError: end.reject,
  })

  const begin = (family: Family, partition: number): void => {
    const place = `${family}.${partition}`
    if (!wanted.has(place) || partitions.has(place)) return
    const own = topics.filter((topic) => topic.family === family).map(({ topic }) => topic)
    const parts = { logId, topics: own, transactions, reader, prepare, grants, retentionMs, brokerTime, logger }
    partitions.set(place, relayPartition({ family, partition, ...parts }))
  }

  const letGo = (place: string, partition: RelayedPartition): Promise<void> => {
    partitions.delete(place)
    const left = partition.close().finally(() => {
      if (leaving.get(place) === left) leaving.delete(place)
    })
    leaving.set(place, left)
    return left
  }

  const assign = (places: readonly Place[]): void => {
    wanted = new Map(places.map((place) => [`${place.family}.${place.partition}`, place]))
    for (const [place, partition] of partitions) if (!wanted.has(place)) void letGo(place, partition)
    for (const [place, { family, partition }] of wanted) {
      const left = leaving.get(place)
      if (left) void left.then(() => begin(family, partition))
      else begin(family, partition)
    }
    assigned = true
  }

  const grants = followGrants({
    transactions,
    ensure: ensureTopics,
    onChange: () => {
      for (const partition of partitions.values()) partition.regrant()
    },
    onFailure: (error) => {
      meters().alarms.add(1, { code: 'relay.grants_failed' })
      logger.warn({ error: redacted(error) }, 'who is given which channels is not known; it is asked again')
    },
  })
  const erasures = await followErasures(options, end.reject).catch(async (error) => {
    await Promise.all([reader.close(), grants.close()])
    throw error
  })
  const share = options.share ?? shareByGroup(log, 'whiply.relay', families)
  const membership = await share(assign).catch(async (error) => {
    await Promise.all([reader.close(), erasures.close(), grants.close()])
    throw error
  })

  return {
    ready: () => assigned && [...partitions.values()].every((partition) => partition.running()),
    lag: reader.lag,
    ended: end.promise,
    close: async () => {
      wanted = new Map()
      await membership.leave()
      await Promise.all([...partitions].map(([place, partition]) => letGo(place, partition)))
      await Promise.all(leaving.values())
      await Promise.all([reader.close(), erasures.close(), grants.close()])
      end.resolve()
    },
  }
}

/**
 * Drops the key of whoever is erased as soon as the account journal says so. It reads on from where the vault was told of
 * erasures at the start: those before have no key any more.
 */
const followErasures = async (
  { log, meta, vault }: Pick<RelayOptions, 'log' | 'meta' | 'vault'>,
  onError: (error: Error) => void,
): Promise<JournalReader> => {
  const places = await vault.reconciled.places(meta.logId)
  const reader = await openJournalReader({
    log,
    logId: meta.logId,
    families: ['account'],
    onOutcomes: (_family, _partition, outcomes) => {
      for (const { event } of eventsIn(codecs.account, outcomes, ['AccountErased'])) vault.keys.forget(event.accountId)
    },
    onPositionInvalid: (family, partition) => reader.read(family, partition, 'beginning'),
    onError,
  })
  for (let partition = 0; partition < meta.partitions.account; partition++) {
    const place = places.get(partition)
    reader.read('account', partition, place ? { logId: meta.logId, ...place } : 'beginning')
  }
  return reader
}
