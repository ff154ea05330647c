import type { Family } from '../families.ts'
import type { ObjectStore } from '../objects.ts'
import type { Position } from '../outcome.ts'
import { openSnapshot, parseSnapshotName, SnapshotUnreadable, snapshotPrefix } from './format.ts'

/** Where the newest snapshot of a partition stands that can be read, of whatever state version: a place for readers to begin. */
export const newestPosition = async (
  objects: ObjectStore,
  logId: string,
  family: Family,
  partition: number,
): Promise<Position | undefined> => {
  const names = await objects.list(snapshotPrefix(logId, family, partition))
  const newestFirst = names.flatMap((name) => parseSnapshotName(name) ?? []).sort((a, b) => b.offset - a.offset)
  for (const { name } of newestFirst) {
    const position = await positionIn(objects, name, logId)
    if (position) return position
  }
  return undefined
}

const positionIn = async (objects: ObjectStore, name: string, logId: string): Promise<Position | undefined> => {
  const bytes = await objects.get(name)
  if (!bytes) return undefined
  try {
    const { counted, claim, n } = (await openSnapshot(bytes, logId)).header.followed
    return { logId, offset: counted, claim, n }
  } catch (error) {
    if (error instanceof SnapshotUnreadable) return undefined
    throw error
  }
}
