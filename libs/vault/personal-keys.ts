import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { Sql } from 'postgres'
import { createLru } from './lru.ts'
import { openText, sealText } from './sealing.ts'
import { type AccountId, KeyNotLoaded, type PersonalKeys, SubjectErased } from './vault.ts'
import type { Wrapping } from './wrapping.ts'

type Row = { readonly subject: AccountId; readonly wrapped: Buffer | null }

/** What is known of a subject: its key, or that it is erased. */
type Known = KeyObject | 'erased'

const erased = (subject: AccountId): SubjectErased => new SubjectErased(`${subject} has been erased`)

/** Under which a key is sealed: it is bound to its subject. */
export const personalKeyName = (subject: AccountId): string => `personal key of ${subject}`

/**
 * Personal keys on Postgres, with the last `capacity` of those used in memory. The capacity must be well above what one
 * batch prefetches, since only what is in memory can be sealed and opened.
 */
export const createPersonalKeys = (sql: Sql, wrapping: Wrapping, capacity: number): PersonalKeys => {
  const known = createLru<Known>(capacity)
  const loads = new Map<AccountId, Promise<void>>()
  let gathering: { readonly subjects: Set<AccountId>; readonly loaded: Promise<void> } | undefined

  const unwrap = async ({ subject, wrapped }: Row): Promise<Known> =>
    wrapped === null ? 'erased' : createSecretKey(await wrapping.unwrap(personalKeyName(subject), wrapped))

  /** An erasure that came in while the row was on its way is younger than the row. */
  const remember = (subject: AccountId, value: Known): void => {
    if (known.get(subject) !== 'erased') known.set(subject, value)
  }

  const load = async (subjects: Set<AccountId>): Promise<void> => {
    try {
      const rows = await sql<Row[]>`
        select subject, wrapped from vault.personal_keys where subject = any(array(select jsonb_array_elements_text(${sql.json([...subjects])})))`
      for (const row of rows) remember(row.subject, await unwrap(row))
    } finally {
      for (const subject of subjects) loads.delete(subject)
    }
  }

  /** All that is asked for in one turn of the microtask queue is one query. */
  const gather = (subject: AccountId): Promise<void> => {
    if (!gathering) {
      const subjects = new Set<AccountId>()
      const loaded = Promise.resolve().then(() => {
        gathering = undefined
        return load(subjects)
      })
      gathering = { subjects, loaded }
    }
    gathering.subjects.add(subject)
    loads.set(subject, gathering.loaded)
    return gathering.loaded
  }

  const keyOf = (subject: AccountId): KeyObject => {
    const key = known.get(subject)
    if (key === 'erased') throw erased(subject)
    if (key === undefined) throw new KeyNotLoaded(`the key of ${subject} is not loaded`)
    return key
  }

  return {
    create: async (subject) => {
      const key = randomBytes(32)
      const wrapped = await wrapping.wrap(personalKeyName(subject), key)
      const [row] = await sql<Row[]>`
        with made as (
          insert into vault.personal_keys (subject, wrapped) values (${subject}, ${wrapped})
          on conflict do nothing returning subject, wrapped)
        select subject, wrapped from made
        union all select subject, wrapped from vault.personal_keys where subject = ${subject}`
      if (row) remember(subject, await unwrap(row))
      if (known.get(subject) === 'erased') throw erased(subject)
    },
    prefetch: async (subjects) => {
      const waiting = new Set<Promise<void>>()
      for (const subject of subjects)
        if (known.get(subject) === undefined) waiting.add(loads.get(subject) ?? gather(subject))
      await Promise.all(waiting)
    },
    erase: async (subject) => {
      await sql`
        insert into vault.personal_keys (subject, wrapped, erased_at) values (${subject}, null, now())
        on conflict (subject) do update
        set wrapped = null, erased_at = coalesce(personal_keys.erased_at, excluded.erased_at)`
      known.set(subject, 'erased')
    },
    isErased: async (subject) => {
      if (known.get(subject) === 'erased') return true
      const rows = await sql`
        select from vault.personal_keys where subject = ${subject} and erased_at is not null`
      return rows.length > 0
    },
    // The journal says that the person is erased, and the journal is the truth, whether or not the row is gone yet.
    forget: (subject) => known.set(subject, 'erased'),
    seal: (subject, eventId, field, text) => sealText(keyOf(subject), subject, eventId, field, text),
    open: (subject, eventId, field, sealed) => {
      const key = known.get(subject)
      return key === undefined || key === 'erased' ? undefined : openText(key, subject, eventId, field, sealed)
    },
  }
}
