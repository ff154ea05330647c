import type { BroadcastDraft } from '../events.ts'
import { type Library, usedBytes } from './library.ts'

/** From here on the broadcaster is warned, before anything happens. */
export const nearPercent = 80

/** How much of what it may keep a channel would use: undefined where there is no bound. */
export const percentUsed = (library: Library, settingBytes: number | null, moreBytes: number): number | undefined => {
  const quotaBytes = library.quotaBytes ?? settingBytes
  if (quotaBytes === null) return undefined
  return quotaBytes === 0 ? 100 : Math.floor((100 * (usedBytes(library) + moreBytes)) / quotaBytes)
}

/** What follows on the use of so much, for a broadcast that has been warned of these things already. */
export const quotaEvents = (
  broadcastId: string,
  percent: number | undefined,
  warnings: readonly string[],
): readonly BroadcastDraft[] => {
  if (percent === undefined || percent < nearPercent) return []
  const warning = percent >= 100 ? 'quota_reached' : 'quota_near'
  return [
    ...(warnings.includes(warning) ? [] : [{ type: 'WarningAppeared', broadcastId, warning, value: percent } as const]),
    ...(percent >= 100 ? [{ type: 'RecordingStopped', broadcastId, reason: 'quota' } as const] : []),
  ]
}
