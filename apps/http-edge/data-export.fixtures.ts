import assert from 'node:assert/strict'
import { test } from 'node:test'
import postgres from 'postgres'
import { vaultNotExported, vaultTables } from '#libs/identity/export/vault-files.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { until } from '#libs/testing/until.ts'
import { unzip } from '#libs/testing/unzip.ts'
import { auditTables, othersNotExported, personalTables, readModelsNotExported } from './personal-data.ts'
import { type LoggedIn, PASSWORD, type Platform } from './platform.fixtures.ts'

type Column = { readonly schema: string; readonly table: string; readonly column: string }

/** Schemas that are no builds of read models. */
const kept = ['vault', 'readmodel', 'http_edge', 'registry']

/** As the lists name it: tables of read models, whose schemas change with their versions, by their name alone. */
const nameOf = ({ schema, table }: Column): string => (kept.includes(schema) ? `${schema}.${table}` : table)

/** What holds of archives of all about somebody, on the platform of whoever runs it. */
export const testDataExport = (platform: () => Platform): void => {
  const own = '/v1/accounts/me/export'
  /** The archive that is answered, by the names of its files; or why there is none. */
  const ask = async (path: string, token: string, body?: object, key = uuidv7()) => {
    const { call } = platform()
    const asked = { token, headers: { 'idempotency-key': key }, ...(body && { body }) }
    const { status, headers, bytes, body: answered } = await call('POST', path, asked)
    const files = status === 200 ? [...unzip(bytes)].map(([name, content]) => [name, JSON.parse(`${content}`)]) : []
    return { told: status === 200 ? '200' : `${status} ${answered.code}`, headers, files: Object.fromEntries(files) }
  }
  const of = (accountId: string) => `/v1/administration/accounts/${accountId}/export`

  test('what is kept is in the archive of whom it is about, and stands in their activity', async () => {
    const member = await platform().register('exported_one')
    const bio = { token: member.token, body: { bio: 'About me' } }
    assert.equal((await platform().call('PATCH', '/v1/accounts/me', bio)).status, 204)
    const key = uuidv7()
    const { told, headers, files } = await ask(own, member.token, undefined, key)
    assert.equal(told, '200')
    assert.match(headers.get('content-disposition') ?? '', /^attachment; filename="exported_one-[0-9-]+\.zip"$/)
    assert.deepEqual([files['account.json'][0].handle, files['account.json'][0].bio], ['exported_one', 'About me'])
    assert.deepEqual(
      files['handles.json'].map(({ handle }: { handle: string }) => handle),
      ['exported_one'],
    )
    assert.equal(files['sessions.json'].length, 1)
    assert.deepEqual(files['ways-to-log-in.json'][0].password, true)
    const { account, askedBy, files: listed, positions, notIncluded } = files['manifest.json']
    assert.deepEqual([account, askedBy], [member.id, 'the person'])
    assert.deepEqual(
      listed.map(({ file }: { file: string }) => file),
      Object.keys(files).filter((name) => name !== 'manifest.json'),
    )
    assert.match(positions.accounts[0], /^account\.0\.\d+$/)
    assert.match(notIncluded.personal_keys, /sealed/)
    assert.equal((await ask(own, member.token)).told, '429 identity.exported_lately')
    assert.equal((await ask(own, member.token, undefined, key)).told, '200', 'it may have broken off')
    await until(async () => {
      const { body } = await platform().call('GET', '/v1/accounts/me/activity', { token: member.token })
      const entries = body.entries as readonly { readonly kind: string; readonly by: string }[]
      return entries.some(({ kind, by }) => kind === 'account.personal_data_exported' && by === 'you')
    })
  })

  test('staff with the right have it made for somebody, with a reason that is told', async () => {
    const member = await platform().register('exported_two')
    const { body } = await platform().call<LoggedIn>('POST', '/v1/sessions', {
      body: { handle: 'admin', password: PASSWORD },
    })
    const { accessToken: token, account } = body
    const reason = 'asked by letter'
    assert.equal((await ask(of(account.id), member.token, { reason })).told, '403 http.forbidden')
    assert.equal((await ask(of(account.id), token, { reason })).told, '403 identity.outranked')
    const { told: answered, files } = await ask(of(member.id), token, { reason })
    assert.deepEqual([answered, files['account.json'][0].handle], ['200', 'exported_two'])
    assert.equal(files['manifest.json'].askedBy, 'staff')
    await until(async () => {
      const { body: told } = await platform().call('GET', '/v1/accounts/me/activity', { token: member.token })
      const entries = told.entries as readonly { readonly by: string; readonly details: { reason?: string } }[]
      return entries.some(({ by, details }) => by === 'staff' && details.reason === reason)
    })
  })

  test('every table and every column is in an archive, or on a list that says why not', async () => {
    const sql = postgres(platform().config.databaseUrl, { max: 1 })
    try {
      const columns = await sql<Column[]>`
        select table_schema as schema, table_name as table, column_name as column
        from information_schema.columns join information_schema.tables using (table_schema, table_name)
        where (table_type = 'BASE TABLE' or table_schema <> 'readmodel') and table_schema not in ('pg_catalog', 'information_schema')`
      const known = new Set([
        ...[...personalTables.map(({ table }) => table), ...auditTables, ...Object.keys(readModelsNotExported)],
        ...[...vaultTables, ...Object.keys(vaultNotExported)].map((table) => `vault.${table}`),
        ...Object.keys(othersNotExported),
      ])
      const forgotten = new Set(columns.map(nameOf).filter((table) => !known.has(table)))
      assert.deepEqual(
        [...forgotten],
        [],
        'say in the personal-data.ts of a context what of it is exported, or why not',
      )
      for (const [table, entries] of Map.groupBy(personalTables, (entry) => entry.table)) {
        const there = columns.filter((each) => nameOf(each) === table).map(({ column }) => column)
        const told = entries.flatMap((entry) => Object.values(entry.columns).map(({ column }) => column))
        const leftOut = entries.flatMap((entry) => Object.keys(entry.leftOut))
        const silent = there.filter((column) => !told.includes(column) && !leftOut.includes(column))
        assert.deepEqual(silent, [], `say of these columns of ${table} what they are to the person, or why not`)
      }
    } finally {
      await sql.end()
    }
  })
}
