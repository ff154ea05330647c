import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Family, families } from '#libs/journal/families.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { Digest } from './digest.ts'

/** A partition of a journal. */
export type Place = { readonly family: Family; readonly partition: number }

const Digits = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

const Content = z.strictObject({
  format: z.literal(1),
  logId: z.string(),
  family: z.enum(families),
  partition: z.int().min(0),
  /** Of the heads of the partition, from 1 on, without a hole. */
  sequence: z.int().min(1),
  /** The last record that the head covers. */
  offset: z.int().min(0),
  chain: Digits,
  sum: Digits,
  /** Milliseconds since 1970. */
  at: z.int(),
  /** SHA-256 of the head before, as it was written; null for the first. */
  before: Digits.nullable(),
})

const Written = z.strictObject({ head: Content, signature: z.string() })

/** What a partition came to at some time, signed: all of it up to a record. */
export type Head = z.infer<typeof Content>

/** A head as it was read: what it says, or that it is not one that the platform signed. */
export type ReadHead =
  | { readonly kind: 'head'; readonly sequence: number; readonly head: Head; readonly hash: string }
  | { readonly kind: 'invalid'; readonly sequence: number }

/** Signs and verifies by the platform's key: `Vault.evidence`. */
export type Sealing = Vault['evidence']

const folder = (logId: string, { family, partition }: Place): string => `audit/${logId}/${family}-${partition}/`
const nameOf = (logId: string, place: Place, sequence: number): string =>
  `${folder(logId, place)}${String(sequence).padStart(9, '0')}.json`

const base64url = (bytes: Buffer): string => bytes.toString('base64url')
const hashOf = (bytes: Buffer): string => base64url(createHash('sha256').update(bytes).digest())

/** The sequence numbers of a partition's heads, in their order. */
export const headSequences = async (
  objects: Pick<ObjectStore, 'list'>,
  logId: string,
  place: Place,
): Promise<readonly number[]> =>
  (await objects.list(folder(logId, place))).flatMap((name) => {
    const sequence = /(\d{9})\.json$/.exec(name)?.[1]
    return sequence === undefined ? [] : [Number(sequence)]
  })

const parsed = (bytes: Buffer) => {
  try {
    return Written.safeParse(JSON.parse(bytes.toString())).data
  } catch {
    return undefined
  }
}

/** Reads one head, and holds it against its place and its signature. */
export const readHead = async (
  objects: Pick<ObjectStore, 'get'>,
  sealing: Pick<Sealing, 'verify'>,
  logId: string,
  place: Place,
  sequence: number,
): Promise<ReadHead> => {
  const bytes = await objects.get(nameOf(logId, place, sequence))
  const written = bytes && parsed(bytes)
  if (!bytes || !written) return { kind: 'invalid', sequence }
  const { head, signature } = written
  const isOfPlace = head.logId === logId && head.family === place.family && head.partition === place.partition
  const isSigned = await sealing.verify(Buffer.from(JSON.stringify(head)), signature, head.at)
  return isOfPlace && isSigned && head.sequence === sequence
    ? { kind: 'head', sequence, head, hash: hashOf(bytes) }
    : { kind: 'invalid', sequence }
}

/** Writes the head behind `last`. Rejects with `ObjectExists` where another process was first. */
export const writeHead = async (
  objects: Pick<ObjectStore, 'put'>,
  sealing: Pick<Sealing, 'sign'>,
  logId: string,
  place: Place,
  last: (ReadHead & { readonly kind: 'head' }) | undefined,
  digest: Digest,
  at: number,
): Promise<Head> => {
  const head: Head = {
    format: 1,
    logId,
    ...place,
    sequence: (last?.sequence ?? 0) + 1,
    offset: digest.offset,
    chain: base64url(digest.chain),
    sum: base64url(digest.sum),
    at,
    before: last?.hash ?? null,
  }
  const signature = await sealing.sign(Buffer.from(JSON.stringify(head)))
  await objects.put(nameOf(logId, place, head.sequence), Buffer.from(JSON.stringify({ head, signature })))
  return head
}

/** The digest that a head tells of. */
export const digestOf = ({ offset, chain, sum }: Head): Digest => ({
  offset,
  chain: Buffer.from(chain, 'base64url'),
  sum: Buffer.from(sum, 'base64url'),
})
