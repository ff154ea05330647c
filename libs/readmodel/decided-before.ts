import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { PositionInvalid } from './errors.ts'
import type { OpenReader } from './share.ts'

/** Whether the record is what its command came to, rather than what somebody was told who sent it again. */
const isDecision = ({ outcome }: OutcomeRecord): boolean => outcome.kind !== 'repeated'

/**
 * What a manager's command came to before an outcome that does not tell, since its aggregate has an outcome of a younger
 * record of the source; undefined where it had not been decided. Reads the journal of the aggregate from its beginning:
 * of all that is kept only that knows for ever. For records that were parked, which are few.
 * @throws PositionInvalid where the beginning has gone, so that nobody can tell
 */
export const decidedBefore = async (
  openReader: OpenReader,
  { family, partition, n, commandId, principal }: OutcomeRecord,
  signal: AbortSignal,
): Promise<OutcomeRecord | undefined> => {
  const found = Promise.withResolvers<OutcomeRecord | undefined>()
  const reader = await openReader({
    families: [family],
    onOutcomes: (_family, _partition, outcomes) => {
      const decision = outcomes.find(
        (record) =>
          record.n < n && record.commandId === commandId && record.principal === principal && isDecision(record),
      )
      if (decision) found.resolve(decision)
      else if ((outcomes.at(-1)?.n ?? 0) >= n) found.resolve(undefined)
    },
    onPositionInvalid: () => found.reject(new PositionInvalid(`${family}.${partition} has lost its beginning`)),
    onError: found.reject,
  })
  const abort = (): void => found.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    signal.throwIfAborted()
    reader.read(family, partition, 'beginning')
    return await found.promise
  } finally {
    signal.removeEventListener('abort', abort)
    await reader.close()
  }
}
