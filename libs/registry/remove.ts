import type { Sql, TransactionSql } from 'postgres'
import {
  referenceExists,
  subjectNotFound,
  subjectNotSoftDeleted,
  subjectSoftDeleted,
  versionNotSoftDeleted,
  versionSoftDeleted,
} from './errors.ts'
import { type Queries, writing } from './open.ts'
import { assertWritable, forgetSettings } from './settings.ts'
import { hasSubject, markDeleted, referencing, removeVersions, versionOf, versionsOf } from './store.ts'

/**
 * Deletes every version of a subject, softly, or for good what was deleted softly before.
 * @returns the versions that went
 * @throws RegistryError 40401, 40404, 40405, 42205, 42206
 */
export const removeSubject = (sql: Sql, subject: string, permanent: boolean): Promise<readonly number[]> =>
  writing(sql, async (transaction) => {
    const all = await versionsOf(transaction, subject, 'all')
    const live = all.filter(({ deleted }) => !deleted)
    if (all.length === 0) throw subjectNotFound(subject)
    if (permanent && live.length > 0) throw subjectNotSoftDeleted(subject)
    if (!permanent && live.length === 0) throw subjectSoftDeleted(subject)
    const versions = (permanent ? all : live).map(({ version }) => version)
    await assertMayGo(transaction, subject, versions)
    if (permanent) await removeVersions(transaction, subject, versions)
    else await markDeleted(transaction, subject, versions)
    await forgetSettings(transaction, subject)
    return versions
  })

/**
 * Deletes one version, likewise.
 * @returns the version that went
 * @throws RegistryError 40401, 40402, 40406, 40407, 42205, 42206
 */
export const removeVersion = (
  sql: Sql,
  subject: string,
  asked: number | 'latest',
  permanent: boolean,
): Promise<number> =>
  writing(sql, async (transaction) => {
    const { version, deleted } = await versionOf(transaction, subject, asked, asked === 'latest' ? 'live' : 'all')
    if (permanent && !deleted) throw versionNotSoftDeleted(subject, version)
    if (!permanent && deleted) throw versionSoftDeleted(subject, version)
    await assertMayGo(transaction, subject, [version])
    if (permanent) await removeVersions(transaction, subject, [version])
    else await markDeleted(transaction, subject, [version])
    await forgetWithTheLast(transaction, subject)
    return version
  })

const assertMayGo = async (sql: Queries, subject: string, versions: readonly number[]): Promise<void> => {
  await assertWritable(sql, subject)
  for (const version of versions)
    if ((await referencing(sql, subject, version)).length > 0) throw referenceExists(subject, version)
}

const forgetWithTheLast = async (sql: TransactionSql, subject: string): Promise<void> => {
  if (!(await hasSubject(sql, subject, 'live'))) await forgetSettings(sql, subject)
}
