import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'

/** How far members have climbed the ladder, in two generations: the older one is dropped whole, and with it old offences. */
export type Offences = {
  readonly since: Instant
  readonly current: ImmutableMap<string, number>
  readonly previous: ImmutableMap<string, number>
}

export const noOffences: Offences = { since: 0, current: ImmutableMap(), previous: ImmutableMap() }

/** 30 days: an offence is forgotten after one to two times as long. */
const generationMs = 2_592_000_000
const generationSize = 5_000

/** The step that was taken last with a member; undefined where none was. */
export const lastStep = ({ current, previous }: Offences, member: string): number | undefined =>
  current.get(member) ?? previous.get(member)

export const rememberStep = (offences: Offences, member: string, step: number, at: Instant): Offences => {
  const { since, current, previous } = offences
  const isFull = at - since >= generationMs || current.size >= generationSize
  return isFull
    ? {
        since: at,
        current: ImmutableMap([[member, step]]),
        previous: at - since < 2 * generationMs ? current : ImmutableMap(),
      }
    : { since, current: current.set(member, step), previous }
}

/** What follows on one offence after another: a warning, a minute, ten, an hour, a ban. */
export const defaultLadder: readonly number[] = [0, 60_000, 600_000, 3_600_000, -1]
