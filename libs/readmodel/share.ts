import { families as allFamilies, type Family, journalTopic } from '#libs/journal/families.ts'
import type { Log, Membership } from '#libs/journal/log.ts'
import type { JournalReader, JournalReaderOptions } from '#libs/journal/reader.ts'
import type { Place } from './positions.ts'

/** Opens a reader of journals: `createJournalReader` bound to a log. */
export type OpenReader = (options: Omit<JournalReaderOptions, 'log' | 'logId'>) => Promise<JournalReader>

/** Who says which partitions are this process's: a seat in a group, or all of them for one that works alone. */
export type Share = (onAssignment: (places: readonly Place[]) => void) => Promise<Pick<Membership, 'leave'>>

/** Shares the journals' partitions out among all processes of a group. */
export const shareByGroup =
  (log: Pick<Log, 'join'>, group: string, families: readonly Family[]): Share =>
  (onAssignment) =>
    log.join({
      group,
      topics: families.map(journalTopic),
      onAssignment: (assignment) =>
        onAssignment(
          allFamilies.flatMap((family) =>
            (assignment.get(journalTopic(family)) ?? []).map((partition) => ({ family, partition })),
          ),
        ),
    })

/** All of the places, for one process. */
export const shareAlone =
  (places: readonly Place[]): Share =>
  async (onAssignment) => {
    onAssignment(places)
    return { leave: async () => {} }
  }
