import type { Rejection } from '#libs/journal/decider.ts'
import { roomModes } from '#libs/protocols/native/modes.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'

export const maxSlowModeSeconds = roomModes.slow.max

export const nothingToChange = (change: ChannelCommandOf<'ChangeSettings'>): Rejection | undefined =>
  change.topic === null && change.slowModeSeconds === null ? reject('channel.nothing_to_change') : undefined

export const slowModeOutOfRange = (seconds: number | null): Rejection | undefined =>
  seconds === null || (Number.isInteger(seconds) && seconds >= 0 && seconds <= maxSlowModeSeconds)
    ? undefined
    : reject('channel.slow_mode_out_of_range', { maxSeconds: maxSlowModeSeconds })

/** The caller names the version that they saw last; who names none overwrites whatever is there. */
export const versionConflict = (version: number, expected: number | undefined): Rejection | undefined =>
  expected === undefined || expected === version ? undefined : reject('channel.version_conflict', { version })
