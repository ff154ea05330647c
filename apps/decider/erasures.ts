import { codecs } from '#libs/contracts/codecs.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import type { EncodedEvent, OutcomeRecord } from '#libs/journal/outcome.ts'
import { type FollowOptions, followJournals } from '#libs/journal/reader/follow-journals.ts'
import { newestPosition } from '#libs/journal/snapshots/position.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'

export type ErasureOptions = {
  readonly log: Log
  readonly meta: Meta
  readonly objects: ObjectStore
  readonly keys: Pick<PersonalKeys, 'forget'>
  readonly logger: Pick<Logger, 'error'>
}

/**
 * Drops the key of whoever is erased as soon as the account journal says so (I11), so that nothing more is sealed for
 * them. A start need not read the past: keys that are gone from the vault are not fetched again.
 */
export const followErasures = async (options: ErasureOptions): Promise<{ readonly close: () => Promise<void> }> => {
  const { log, meta, objects, keys, logger } = options
  const starts: FollowOptions['starts'][number][] = []
  for (let partition = 0; partition < meta.partitions.account; partition++) {
    const position = await newestPosition(objects, meta.logId, 'account', partition)
    if (position) starts.push({ family: 'account', partition, position })
  }
  return followJournals({
    log,
    meta,
    families: ['account'],
    starts,
    onOutcomes: (_family, _partition, outcomes) => {
      for (const account of outcomes.flatMap(erasedIn)) keys.forget(account)
    },
    onPositionInvalid: (family, partition) =>
      logger.error({ family, partition }, 'a position is not valid; erasures are read from the beginning'),
    onError: (error) => logger.error({ code: codeOf(error) }, 'erasures cannot be read; reads again'),
  })
}

const codeOf = (error: unknown): string => {
  const { code, name } = (error ?? {}) as { readonly code?: string; readonly name?: string }
  return code ?? name ?? 'Error'
}

const erasedIn = ({ outcome }: OutcomeRecord): readonly string[] =>
  outcome.kind === 'accepted' ? outcome.events.flatMap(erasedBy) : []

const erasedBy = (encoded: EncodedEvent): readonly string[] => {
  if (encoded.type !== 'AccountErased') return []
  const event = codecs.account.decodeEvent(encoded)
  return event.type === 'AccountErased' ? [event.accountId] : []
}
