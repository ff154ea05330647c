import { z } from 'zod'
import { isNumericId } from '#libs/access/principal.ts'

/** Ids of accounts and channels. */
export const NumericId = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/)
  .refine(isNumericId, 'must be below 2^53')
  .meta({ id: 'Id', description: 'An account or a channel: a decimal string below 2^53', examples: ['1042'] })

/** Ids of messages and commands. */
export const Uuidv7 = z
  .string()
  .toLowerCase()
  .pipe(z.uuidv7())
  .meta({ description: 'UUIDv7', examples: ['0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'] })

/** Milliseconds since 1970 in documents, as RFC 3339 in UTC. */
export const Timestamp = z.iso.datetime().meta({ description: 'RFC 3339, UTC' })

export const timestamp = (at: number): string => new Date(at).toISOString()

/** For `min-position` of a query that must see what was just done. */
export const Position = z.string().meta({ id: 'Position', examples: ['channel.3.42'] })

/** A number of a page, from text in the query. */
export const pageLimit = (most: number, usual: number) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/)
    .transform(Number)
    .pipe(z.int().max(most))
    .default(usual)

/** A number of a lane, from text in the query. */
export const Cursor = z
  .string()
  .regex(/^[0-9]{1,15}$/)
  .transform(Number)
