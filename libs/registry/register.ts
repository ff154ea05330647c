import type { Sql, TransactionSql } from 'postgres'
import { hindrances } from './compatibility.ts'
import { type Draft, type Posted, readPosted } from './content.ts'
import { idDoesNotMatch, incompatible, invalidSchema, notPermitted, schemaNotFound, subjectNotFound } from './errors.ts'
import type { Content, Version } from './model.ts'
import { type Queries, writing } from './open.ts'
import { levelOf, modeOf } from './settings.ts'
import {
  contentByFingerprint,
  hasSubject,
  insertContent,
  insertVersion,
  takenIds,
  versionsOf,
  type Which,
} from './store.ts'

/** The version under which a schema stands in a subject. @throws RegistryError 40401, 40403, 42201 */
export const lookUp = async (
  sql: Queries,
  subject: string,
  posted: Posted,
  { normalize, which }: { readonly normalize: boolean; readonly which: Which },
): Promise<Version> => {
  const draft = await readPosted(sql, posted, normalize)
  const found = await versionHolding(sql, subject, draft, which)
  if (found) return found
  throw (await hasSubject(sql, subject, which)) ? schemaNotFound() : subjectNotFound(subject)
}

const versionHolding = async (sql: Queries, subject: string, { fingerprint }: Draft, which: Which) =>
  (await versionsOf(sql, subject, which)).findLast((version) => version.fingerprint === fingerprint)

/**
 * What a client may ask for beside the schema: its own id and version, in mode IMPORT alone. Without an id the version may
 * be named that comes next, and no other.
 */
export type Wanted = {
  readonly normalize: boolean
  readonly id: number | undefined
  readonly version: number | undefined
}

/**
 * Makes a schema a version of a subject, unless it is one already: the same schema sent twice, or by two at once, is one
 * version with one id.
 * @throws RegistryError 409, 42201, 42205, 42207
 */
export const register = async (sql: Sql, subject: string, posted: Posted, wanted: Wanted): Promise<Version> => {
  const before = await versionHolding(sql, subject, await readPosted(sql, posted, wanted.normalize), 'live')
  if (before && wanted.id === undefined) return before
  return writing(sql, (transaction) => registerAlone(transaction, subject, posted, wanted))
}

const registerAlone = async (
  sql: TransactionSql,
  subject: string,
  posted: Posted,
  wanted: Wanted,
): Promise<Version> => {
  const draft = await readPosted(sql, posted, wanted.normalize)
  const all = await versionsOf(sql, subject, 'all')
  const live = all.filter(({ deleted }) => !deleted)
  const before = live.findLast(({ fingerprint }) => fingerprint === draft.fingerprint)
  if (before && (wanted.id === undefined || wanted.id === before.id)) return before
  await assertMode(sql, subject, wanted.id !== undefined)
  if (wanted.id === undefined) {
    const against = await hindrances(sql, await levelOf(sql, subject), draft.parsed, live)
    if (against.length > 0) throw incompatible(subject, against)
  }
  const content = await kept(sql, draft, wanted.id)
  const next = (all.at(-1)?.version ?? 0) + 1
  const version = wanted.version ?? next
  if (wanted.id === undefined && version !== next) throw invalidSchema(`its version would be ${next}, not ${version}`)
  if (all.some((one) => one.version === version))
    throw notPermitted(`Version ${version} of subject "${subject}" is another schema.`)
  await insertVersion(sql, { subject, version, id: content.id })
  return { ...content, subject, version, deleted: false }
}

const assertMode = async (sql: Queries, subject: string, imports: boolean): Promise<void> => {
  const mode = await modeOf(sql, subject)
  if (mode === 'READONLY') throw notPermitted(`Subject ${subject} is in read-only mode`)
  if (imports && mode !== 'IMPORT') throw notPermitted(`Subject ${subject} is not in import mode`)
  if (!imports && mode !== 'READWRITE') throw notPermitted(`Subject ${subject} is not in read-write mode`)
}

/** The schema with its id: the one that it has had for ever, else a new one. */
const kept = async (sql: TransactionSql, draft: Draft, wantedId: number | undefined): Promise<Content> => {
  const known = await contentByFingerprint(sql, draft.fingerprint)
  if (known && wantedId !== undefined && known.id !== wantedId) throw idDoesNotMatch(wantedId)
  if (known) return known
  const id = wantedId ?? (await freeId(sql, draft.fingerprint))
  if (wantedId !== undefined && (await takenIds(sql, [id])).has(id))
    throw notPermitted(`The id ${id} is that of another schema.`)
  const { fingerprint, text, references } = draft
  const content = { id, fingerprint, text, references }
  await insertContent(sql, content)
  return content
}

/** Ids go up to this, which leaves room above for a registry that they are moved to and that counts on from them. */
const IDS = 2 ** 30
const PROBES = 64

/**
 * A number of 30 bits made of the fingerprint, or the next one that is free. So a schema has its id again in a registry that
 * has lost everything, and what was written with it can be read.
 */
const freeId = async (sql: TransactionSql, fingerprint: string): Promise<number> => {
  const first = Number.parseInt(fingerprint.slice(0, 8), 16) % IDS
  const candidates = Array.from({ length: PROBES }, (_, step) => ((first + step) % IDS) + 1)
  const taken = await takenIds(sql, candidates)
  const free = candidates.find((id) => !taken.has(id))
  if (free === undefined) throw notPermitted('No id is free for this schema.')
  return free
}
