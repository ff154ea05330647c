import { schemaNotFound, subjectNotFound, versionNotFound } from './errors.ts'
import type { Content, Reference, Version } from './model.ts'
import type { Queries } from './open.ts'

/** Which versions are meant. */
export type Which = 'live' | 'deleted' | 'all'

const condition = (sql: Queries, which: Which) =>
  which === 'all' ? sql`true` : sql`v.deleted = ${which === 'deleted'}`

const versionColumns = (sql: Queries) =>
  sql`v.subject, v.version, v.deleted, s.id, s.fingerprint, s.text, s.refs as "references"`

/** Versions of one subject, oldest first. */
export const versionsOf = (sql: Queries, subject: string, which: Which): Promise<readonly Version[]> =>
  sql<Version[]>`
    select ${versionColumns(sql)} from registry.versions v join registry.schemas s on s.id = v.schema_id
    where v.subject = ${subject} and ${condition(sql, which)} order by v.version`

/** One version, the latest where it is so asked. @throws RegistryError 40401, 40402 */
export const versionOf = async (
  sql: Queries,
  subject: string,
  version: number | 'latest',
  which: Which,
): Promise<Version> => {
  const [found] = await sql<Version[]>`
    select ${versionColumns(sql)} from registry.versions v join registry.schemas s on s.id = v.schema_id
    where v.subject = ${subject} and ${condition(sql, which)} and ${version === 'latest' ? sql`true` : sql`v.version = ${version}`}
    order by v.version desc limit 1`
  if (found) return found
  throw (await hasSubject(sql, subject, which)) ? versionNotFound(version) : subjectNotFound(subject)
}

export const hasSubject = async (sql: Queries, subject: string, which: Which): Promise<boolean> => {
  const found = await sql`
    select 1 from registry.versions v where v.subject = ${subject} and ${condition(sql, which)} limit 1`
  return found.length > 0
}

/** A page of a list. */
export type Page = { readonly offset: number; readonly limit: number }

/** Names of subjects, in the order of their characters. */
export const subjects = async (
  sql: Queries,
  { prefix, which, offset, limit }: Page & { readonly prefix: string; readonly which: Which },
): Promise<readonly string[]> => {
  const rows = await sql<{ subject: string }[]>`
    select distinct v.subject collate "C" as subject from registry.versions v
    where starts_with(v.subject, ${prefix}) and ${condition(sql, which)}
    order by 1 offset ${offset} limit ${limit}`
  return rows.map(({ subject }) => subject)
}

/** Versions of all subjects, by subject and version. */
export const allVersions = (
  sql: Queries,
  {
    prefix,
    which,
    latestOnly,
    offset,
    limit,
  }: Page & {
    readonly prefix: string
    readonly which: Which
    readonly latestOnly: boolean
  },
): Promise<readonly Version[]> =>
  sql<Version[]>`
    select ${versionColumns(sql)} from registry.versions v join registry.schemas s on s.id = v.schema_id
    where starts_with(v.subject, ${prefix}) and ${condition(sql, which)} and (not ${latestOnly} or not exists (
      select 1 from registry.versions l where l.subject = v.subject and l.version > v.version
        and (${which === 'all'} or not l.deleted)))
    order by v.subject collate "C", v.version offset ${offset} limit ${limit}`

/** A schema that is a version of some subject, if a softly deleted one. @throws RegistryError 40403 */
export const schemaById = async (sql: Queries, id: number): Promise<Content> => {
  const [found] = await sql<Content[]>`
    select s.id, s.fingerprint, s.text, s.refs as "references" from registry.schemas s
    where s.id = ${id} and exists (select 1 from registry.versions v where v.schema_id = s.id)`
  if (found) return found
  throw schemaNotFound(id)
}

/** The same by the first half of its fingerprint. @throws RegistryError 40403 */
export const schemaByGuid = async (sql: Queries, guid: string): Promise<Content> => {
  const half = guid.replaceAll('-', '').toLowerCase()
  const [found] = /^[0-9a-f]{32}$/.test(half)
    ? await sql<Content[]>`
        select s.id, s.fingerprint, s.text, s.refs as "references" from registry.schemas s
        where starts_with(s.fingerprint, ${half}) and exists (select 1 from registry.versions v where v.schema_id = s.id)`
    : []
  if (found) return found
  throw schemaNotFound(guid)
}

/** Where a schema is used. */
export const usesOf = (
  sql: Queries,
  id: number,
  which: Which,
): Promise<readonly { readonly subject: string; readonly version: number }[]> =>
  sql<{ subject: string; version: number }[]>`
    select v.subject, v.version from registry.versions v
    where v.schema_id = ${id} and ${condition(sql, which)} order by v.subject collate "C", v.version`

/** Ids of the schemas in use that refer to a version. */
export const referencing = async (sql: Queries, subject: string, version: number): Promise<readonly number[]> => {
  const reference = [{ subject, version }]
  const rows = await sql<{ id: number }[]>`
    select s.id from registry.schemas s where s.refs @> ${sql.json(reference)}
      and exists (select 1 from registry.versions v where v.schema_id = s.id and not v.deleted)
    order by s.id`
  return rows.map(({ id }) => id)
}

export const contentByFingerprint = async (sql: Queries, fingerprint: string): Promise<Content | undefined> => {
  const [found] = await sql<Content[]>`
    select id, fingerprint, text, refs as "references" from registry.schemas where fingerprint = ${fingerprint}`
  return found
}

/** Which of these ids stand for something already. */
export const takenIds = async (sql: Queries, ids: readonly number[]): Promise<ReadonlySet<number>> => {
  const rows = await sql<{ id: number }[]>`select id from registry.schemas where id in ${sql(ids)}`
  return new Set(rows.map(({ id }) => id))
}

export const insertContent = async (sql: Queries, { id, fingerprint, text, references }: Content): Promise<void> => {
  const refs = sql.json(references.map(({ name, subject, version }: Reference) => ({ name, subject, version })))
  await sql`
    insert into registry.schemas (id, fingerprint, text, refs) values (${id}, ${fingerprint}, ${text}, ${refs})`
}

export const insertVersion = async (
  sql: Queries,
  { subject, version, id }: Pick<Version, 'subject' | 'version' | 'id'>,
): Promise<void> => {
  await sql`insert into registry.versions (subject, version, schema_id) values (${subject}, ${version}, ${id})`
}

export const markDeleted = async (sql: Queries, subject: string, versions: readonly number[]): Promise<void> => {
  await sql`update registry.versions set deleted = true where subject = ${subject} and version in ${sql(versions)}`
}

export const removeVersions = async (sql: Queries, subject: string, versions: readonly number[]): Promise<void> => {
  await sql`delete from registry.versions where subject = ${subject} and version in ${sql(versions)}`
}
