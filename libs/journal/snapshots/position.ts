import type { Family } from '../families.ts'
import type { ObjectStore } from '../objects.ts'
import type { Position } from '../outcome.ts'
import { openSnapshot, parseSnapshotName, snapshotPrefix } from './format.ts'

/** Where the newest snapshot of a partition stands, of whatever state version: a place for readers to begin. */
export const newestPosition = async (
  objects: ObjectStore,
  logId: string,
  family: Family,
  partition: number,
): Promise<Position | undefined> => {
  const names = await objects.list(snapshotPrefix(logId, family, partition))
  const newest = names.flatMap((name) => parseSnapshotName(name) ?? []).sort((a, b) => b.offset - a.offset)[0]
  const bytes = newest && (await objects.get(newest.name))
  if (!bytes) return undefined
  const { counted, claim, n } = (await openSnapshot(bytes, logId)).header.followed
  return { logId, offset: counted, claim, n }
}
