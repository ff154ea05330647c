import { type CompatibilityLevel, compatibilityLevels } from '#libs/contracts/avro/levels.ts'
import { invalidLevel, invalidMode, notPermitted } from './errors.ts'
import { type Mode, modes } from './model.ts'
import type { Queries } from './open.ts'
import { hasSubject, subjects } from './store.ts'

/** What holds for a subject that has nothing of its own, where nothing was set for all. */
const DEFAULT_LEVEL: CompatibilityLevel = 'BACKWARD'
const DEFAULT_MODE: Mode = 'READWRITE'

/** The name under which stands what is set for all subjects. */
const ALL = ''

type Settings = { readonly compatibility: CompatibilityLevel | null; readonly mode: Mode | null }

const settingsOf = async (sql: Queries, subject: string): Promise<Settings> => {
  const [found] = await sql<Settings[]>`select compatibility, mode from registry.settings where subject = ${subject}`
  return found ?? { compatibility: null, mode: null }
}

/** The level that is set for a subject itself. */
export const ownLevel = async (sql: Queries, subject: string): Promise<CompatibilityLevel | undefined> =>
  (await settingsOf(sql, subject)).compatibility ?? undefined

export const globalLevel = async (sql: Queries): Promise<CompatibilityLevel> =>
  (await ownLevel(sql, ALL)) ?? DEFAULT_LEVEL

/** The level that holds for a subject. */
export const levelOf = async (sql: Queries, subject: string): Promise<CompatibilityLevel> =>
  (await ownLevel(sql, subject)) ?? (await globalLevel(sql))

/** The mode that is set for a subject itself. */
export const ownMode = async (sql: Queries, subject: string): Promise<Mode | undefined> =>
  (await settingsOf(sql, subject)).mode ?? undefined

export const globalMode = async (sql: Queries): Promise<Mode> => (await ownMode(sql, ALL)) ?? DEFAULT_MODE

/** The mode that holds for a subject. */
export const modeOf = async (sql: Queries, subject: string): Promise<Mode> =>
  (await ownMode(sql, subject)) ?? (await globalMode(sql))

/** @throws RegistryError 42205 where nothing may be changed: for the subject, or, where none is given, at all */
export const assertWritable = async (sql: Queries, subject: string | undefined): Promise<void> => {
  if ((await modeOf(sql, subject ?? ALL)) !== 'READONLY') return
  throw notPermitted(`${subject === undefined ? 'The registry' : `Subject ${subject}`} is in read-only mode`)
}

/** @param subject undefined for all subjects that have none of their own @throws RegistryError 42203, 42205 */
export const setLevel = async (
  sql: Queries,
  subject: string | undefined,
  given: string,
): Promise<CompatibilityLevel> => {
  const level = compatibilityLevels.find((one) => one === given.toUpperCase())
  if (level === undefined) throw invalidLevel(compatibilityLevels)
  await assertWritable(sql, subject)
  await sql`
    insert into registry.settings (subject, compatibility) values (${subject ?? ALL}, ${level})
    on conflict (subject) do update set compatibility = excluded.compatibility`
  return level
}

/**
 * To import is allowed where nothing is yet, since ids and versions come from outside then.
 * @param force imports all the same
 * @throws RegistryError 42204, 42205
 */
export const setMode = async (
  sql: Queries,
  subject: string | undefined,
  given: string,
  force: boolean,
): Promise<Mode> => {
  const mode = modes.find((one) => one === given.toUpperCase())
  if (mode === undefined) throw invalidMode(modes)
  if (mode === 'IMPORT' && !force && (await hasAny(sql, subject)))
    throw notPermitted('There are schemas here already; with force=true schemas are imported beside them.')
  await sql`
    insert into registry.settings (subject, mode) values (${subject ?? ALL}, ${mode})
    on conflict (subject) do update set mode = excluded.mode`
  return mode
}

const hasAny = async (sql: Queries, subject: string | undefined): Promise<boolean> =>
  subject === undefined
    ? (await subjects(sql, { prefix: '', which: 'live', offset: 0, limit: 1 })).length > 0
    : hasSubject(sql, subject, 'live')

/** What was set for a subject holds no more, or for all where none is given. @throws RegistryError 42205 */
export const unsetLevel = async (sql: Queries, subject: string | undefined): Promise<void> => {
  await assertWritable(sql, subject)
  await sql`update registry.settings set compatibility = null where subject = ${subject ?? ALL}`
}

export const unsetMode = async (sql: Queries, subject: string): Promise<void> => {
  await sql`update registry.settings set mode = null where subject = ${subject}`
}

/** All that was set for a subject goes with its last version. */
export const forgetSettings = async (sql: Queries, subject: string): Promise<void> => {
  await sql`delete from registry.settings where subject = ${subject}`
}
