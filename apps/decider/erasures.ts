import { codecs } from '#libs/contracts/codecs.ts'
import { safeError } from '#libs/http/safe-error.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import type { EncodedEvent, OutcomeRecord } from '#libs/journal/outcome.ts'
import { type Following, type FollowOptions, followJournals } from '#libs/journal/reader/follow-journals.ts'
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
export const followErasures = async (options: ErasureOptions): Promise<Pick<Following, 'close'>> => {
  const { log, meta, objects, keys, logger } = options
  const family = 'account'
  const starts: FollowOptions['starts'][number][] = []
  for (let partition = 0; partition < meta.partitions.account; partition++) {
    const position = await newestPosition(objects, meta.logId, family, partition)
    if (position) starts.push({ family, partition, position })
  }
  return followJournals({
    log,
    meta,
    families: [family],
    starts,
    onOutcomes: (_family, _partition, outcomes) => {
      for (const account of outcomes.flatMap(erasedIn)) keys.forget(account)
    },
    onPositionInvalid: () => {},
    onError: (error) => logger.error({ error: safeError(error) }, 'erasures cannot be read; reads again'),
  })
}

const erasedIn = ({ outcome }: OutcomeRecord): readonly string[] =>
  outcome.kind === 'accepted' ? outcome.events.flatMap(erasedBy) : []

const erasedBy = (encoded: EncodedEvent): readonly string[] => {
  if (encoded.type !== 'AccountErased') return []
  const event = codecs.account.decodeEvent(encoded)
  return event.type === 'AccountErased' ? [event.accountId] : []
}
