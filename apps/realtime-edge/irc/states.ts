import type { Effective, Mode } from '#libs/channel/state/modes.ts'

type Tag = 'emote-only' | 'followers-only' | 'r9k' | 'slow' | 'subs-only'

/** How ROOMSTATE tells of a mode; followers-only counts in minutes, and -1 is off. */
const tags: Partial<Record<Mode, (value: number | null) => readonly [tag: Tag, value: string]>> = {
  emote_only: (value) => ['emote-only', value === null ? '0' : '1'],
  followers_only: (seconds) => ['followers-only', seconds === null ? '-1' : String(Math.ceil(seconds / 60))],
  unique: (value) => ['r9k', value === null ? '0' : '1'],
  slow: (seconds) => ['slow', String(seconds ?? 0)],
  subscribers_only: (tier) => ['subs-only', tier === null ? '0' : '1'],
}

/** All of ROOMSTATE. */
export const stateTags = (effective: Effective): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).map(([mode, tag]) => tag(effective[mode as Mode] ?? null)))

/** What ROOMSTATE says of one mode that was changed; nothing of those that the dialect does not know. */
export const changedTag = (mode: Mode, value: number | null): Readonly<Record<string, string>> | undefined => {
  const tag = tags[mode]
  return tag && Object.fromEntries([tag(value)])
}
