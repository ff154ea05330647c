import { createHash } from 'node:crypto'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import type { Moment, PastJob } from '../past.ts'
import type { Job } from './jobs.ts'
import { openFound } from './replay.ts'

/** The same moment has the same job, whoever asks at whichever edge. */
export const jobIdOf = (logId: string, channelId: string, moment: Moment): string =>
  createHash('sha256')
    .update(JSON.stringify([logId, channelId, moment]))
    .digest('base64url')
    .slice(0, 22)

/** Of a moment that is still to come there is no more to tell than of now. */
export const comeBy = (moment: Moment, now: number): Moment =>
  'at' in moment ? { ...moment, at: Math.min(moment.at, now) } : moment

/** A job as who asks for it is told of it: with what people wrote in clear. */
export const toldJob = async (
  { found, ...job }: Job,
  keys: Pick<PersonalKeys, 'prefetch' | 'open'>,
): Promise<PastJob> => ({ ...job, found: found && (await openFound(found, keys)) })
