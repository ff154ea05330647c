import { meters } from '#libs/telemetry/instruments.ts'
import type { Family } from './families.ts'
import type { Offset } from './log.ts'

export type VoidRecord = {
  readonly logId: string
  readonly family: Family
  readonly partition: number
  readonly offset: Offset
}

/** The youngest void record of each partition that this process has counted. */
const youngest = new Map<string, Offset>()

/**
 * Counts a void record once in this process, whoever of its readers comes by it first; who reads the past once more, as a
 * rebuild does, counts nothing again. @returns whether it was counted now
 */
export const countVoid = ({ logId, family, partition, offset }: VoidRecord): boolean => {
  const place = `${logId}/${family}/${partition}`
  if (offset <= (youngest.get(place) ?? -1)) return false
  youngest.set(place, offset)
  meters().voidRecords.add(1, { family, partition })
  return true
}
