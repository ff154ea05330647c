import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { posted, seq, type TestRegistry, testRegistry, text, topic } from './registry.fixtures.ts'

let registry: TestRegistry

const closers: (() => unknown)[] = []

before(async () => {
  registry = await testRegistry({ after: (close) => closers.unshift(close as () => unknown) })
})

after(async () => {
  for (const close of closers) await close()
})

const call: TestRegistry['call'] = (...given) => registry.call(...given)

const ok = async (method: string, path: string, body?: unknown): Promise<unknown> => {
  const [status, json] = await call(method, path, body)
  assert.equal(status, 200, `${method} ${path}: ${JSON.stringify(json)}`)
  return json
}

/** @returns the message */
const refused = async (errorCode: number, method: string, path: string, body?: unknown): Promise<string> => {
  const [status, json] = await call(method, path, body)
  const { error_code: code, message } = json as { readonly error_code: number; readonly message: string }
  assert.equal(code, errorCode, `${method} ${path}: ${JSON.stringify(json)}`)
  assert.equal(status, Number(String(errorCode).slice(0, 3)))
  return message
}

const registered = async (subject: string, body: unknown, query = '') =>
  (await ok('POST', `/subjects/${subject}/versions${query}`, body)) as { readonly id: number; readonly version: number }

test('a schema gets an id and a version, and is found by each', async () => {
  const { id, version } = await registered('found', posted(seq))
  assert.ok(Number.isInteger(id) && id > 0 && id <= 2 ** 30)
  assert.equal(version, 1)
  const { schema } = posted(seq)
  const byId = (await ok('GET', `/schemas/ids/${id}`)) as { readonly schema: string; readonly guid: string }
  assert.deepEqual(JSON.parse(byId.schema), JSON.parse(schema))
  assert.deepEqual(await ok('GET', `/schemas/guids/${byId.guid}`), byId)
  const response = await fetch(`${registry.url}/schemas/ids/${id}/schema`)
  assert.deepEqual(await response.json(), JSON.parse(schema))
  assert.deepEqual(await ok('GET', `/schemas/ids/${id}/subjects`), ['found'])
  assert.deepEqual(await ok('GET', `/schemas/ids/${id}/versions`), [{ subject: 'found', version: 1 }])
  for (const asked of ['1', 'latest', '-1'])
    assert.deepEqual(await ok('GET', `/subjects/found/versions/${asked}`), {
      subject: 'found',
      version: 1,
      id,
      guid: byId.guid,
      schema: byId.schema,
    })
  assert.deepEqual(await ok('GET', '/subjects/found/versions/1/schema'), JSON.parse(schema))
  assert.deepEqual(await ok('GET', '/subjects/found/versions'), [1])
})

test('the same schema is the same id, in any subject, however it is written', async () => {
  const first = await registered('same', posted(seq, text))
  assert.deepEqual(await registered('same', posted(seq, text)), first)
  const spread = { schema: JSON.stringify(JSON.parse(posted(seq, text).schema), null, 4) }
  assert.deepEqual(await registered('same', spread), first)
  assert.equal((await registered('same-too', spread)).id, first.id)
  const found = (await ok('POST', '/subjects/same', spread)) as { readonly id: number; readonly version: number }
  assert.deepEqual([found.id, found.version], [first.id, 1])
})

test('an id means the same in a registry that has lost everything', async (t) => {
  const { id } = await registered('lost', posted(seq, topic))
  const other = await testRegistry(t)
  const [, again] = await other.call('POST', '/subjects/lost/versions', posted(seq, topic))
  assert.equal((again as { readonly id: number }).id, id)
})

test('what breaks the level of a subject is refused with words for it', async () => {
  await registered('level', posted(seq))
  const message = await refused(409, 'POST', '/subjects/level/versions', posted(seq, text))
  assert.match(message, /READER_FIELD_MISSING_DEFAULT_VALUE/)
  assert.match(message, /field text has no default/)
  assert.match(message, /'\/fields\/1'/)
  assert.equal((await registered('level', posted(seq, topic))).version, 2)
  const check = '/compatibility/subjects/level/versions'
  assert.deepEqual(await ok('POST', `${check}/latest`, posted(seq)), { is_compatible: true })
  assert.deepEqual(await ok('POST', `${check}/1?verbose=True`, posted(seq)), { is_compatible: true, messages: [] })
  const verbose = (await ok('POST', `${check}?verbose=true`, posted(text))) as { readonly messages: readonly string[] }
  assert.match(verbose.messages.join('\n'), /oldSchemaVersion:2/)
  assert.doesNotMatch(verbose.messages.join('\n'), /oldSchemaVersion:1/)
  assert.deepEqual(await ok('POST', '/compatibility/subjects/nobody/versions/latest', posted(seq)), {
    is_compatible: true,
  })
})

/** Whether a third version may follow two, by level. */
const follows: readonly (readonly [string, boolean])[] = [
  ['NONE', true],
  ['BACKWARD', true],
  ['BACKWARD_TRANSITIVE', false],
  ['FORWARD', false],
  ['FORWARD_TRANSITIVE', false],
  ['FULL', false],
  ['FULL_TRANSITIVE', false],
]

for (const [level, may] of follows)
  test(`level ${level} ${may ? 'lets' : 'does not let'} a field come whose default an older version lacks`, async () => {
    const subject = `follows-${level}`
    await registered(subject, posted(seq))
    await ok('PUT', `/config/${subject}`, { compatibility: 'NONE' })
    await registered(subject, posted(seq, { ...text, default: '' }))
    assert.deepEqual(await ok('PUT', `/config/${subject}`, { compatibility: level }), { compatibility: level })
    const [status] = await call('POST', `/subjects/${subject}/versions`, posted(text))
    assert.equal(status === 200, may)
  })

test('levels are set for one subject or for all, and taken away', async (t) => {
  const other = await testRegistry(t)
  const is = async (path: string, expected: unknown, method = 'GET', body?: unknown) =>
    assert.deepEqual(await other.call(method, path, body), [200, expected])
  await is('/config', { compatibilityLevel: 'BACKWARD' })
  await is('/config', { compatibility: 'FULL' }, 'PUT', { compatibility: 'full' })
  await is('/config', { compatibilityLevel: 'FULL' })
  await is('/config/a?defaultToGlobal=true', { compatibilityLevel: 'FULL' })
  await is('/config/a', { compatibility: 'NONE' }, 'PUT', { compatibility: 'NONE' })
  await is('/config/a', { compatibilityLevel: 'NONE' })
  await is('/config/a', { compatibilityLevel: 'NONE' }, 'DELETE')
  await is('/config', { compatibilityLevel: 'FULL' }, 'DELETE')
  await is('/config', { compatibilityLevel: 'BACKWARD' })
  await is('/mode', { mode: 'READWRITE' })
  await is('/mode', { mode: 'READONLY' }, 'PUT', { mode: 'READONLY' })
  await is('/mode/a?defaultToGlobal=true', { mode: 'READONLY' })
  await is('/mode/a', { mode: 'READWRITE' }, 'PUT', { mode: 'READWRITE' })
  await is('/mode/a', { mode: 'READWRITE' })
  await is('/mode/a', { mode: 'READWRITE' }, 'DELETE')
  assert.match(await refused(40408, 'GET', '/config/nobody'), /'nobody'/)
  assert.match(await refused(40409, 'GET', '/mode/nobody'), /'nobody'/)
  await refused(40401, 'DELETE', '/config/nobody')
  await refused(40401, 'DELETE', '/mode/nobody')
  await refused(42203, 'PUT', '/config/a', { compatibility: 'SOMEWHAT' })
  await refused(42204, 'PUT', '/mode/a', { mode: 'SOMEHOW' })
})

test('a subject that is read only takes nothing, and loses nothing', async () => {
  await registered('fixed', posted(seq))
  await ok('PUT', '/config/fixed', { compatibility: 'FULL' })
  await ok('PUT', '/mode/fixed', { mode: 'READONLY' })
  await refused(42205, 'POST', '/subjects/fixed/versions', posted(seq, topic))
  await refused(42205, 'DELETE', '/subjects/fixed')
  await refused(42205, 'DELETE', '/subjects/fixed/versions/1')
  await refused(42205, 'PUT', '/config/fixed', { compatibility: 'NONE' })
  await refused(42205, 'DELETE', '/config/fixed')
  assert.equal((await registered('fixed', posted(seq))).version, 1)
})

test('a version may be named that comes next, and no other', async () => {
  assert.match(
    await refused(42201, 'POST', '/subjects/numbered/versions', { ...posted(seq), version: 7 }),
    /would be 1/,
  )
  assert.equal((await registered('numbered', { ...posted(seq), version: 1 })).version, 1)
  await refused(42201, 'POST', '/subjects/numbered/versions', { ...posted(seq, topic), version: 1 })
  assert.equal((await registered('numbered', { ...posted(seq, topic), version: 2 })).version, 2)
  assert.equal((await registered('numbered', { ...posted(seq), version: 9 })).version, 1)
})

test('ids and versions are imported where that is the mode', async () => {
  await refused(42205, 'POST', '/subjects/moved/versions', { ...posted(seq, topic, text), id: 7, version: 3 })
  await ok('PUT', '/mode/moved', { mode: 'IMPORT' })
  const moved = await registered('moved', { ...posted(seq, topic, text), id: 7, version: 3 })
  assert.deepEqual([moved.id, moved.version], [7, 3])
  await refused(42205, 'POST', '/subjects/moved/versions', posted(topic))
  await refused(42205, 'POST', '/subjects/moved/versions', { ...posted(topic), id: 7, version: 4 })
  await refused(42205, 'POST', '/subjects/moved/versions', { ...posted(topic), id: 8, version: 3 })
  await refused(42207, 'POST', '/subjects/moved/versions', { ...posted(seq, topic, text), id: 9, version: 4 })
  await registered('there', posted(seq))
  assert.match(await refused(42205, 'PUT', '/mode/there', { mode: 'IMPORT' }), /force=true/)
  await ok('PUT', '/mode/there?force=True', { mode: 'IMPORT' })
})

test('a subject goes softly first, and then for good', async () => {
  const { id } = await registered('going', posted(seq, { name: 'going', type: 'int' }))
  await ok('PUT', '/config/going', { compatibility: 'NONE' })
  await registered('going', posted(text))
  await refused(40405, 'DELETE', '/subjects/going?permanent=true')
  assert.deepEqual(await ok('DELETE', '/subjects/going'), [1, 2])
  await refused(40404, 'DELETE', '/subjects/going')
  await refused(40401, 'GET', '/subjects/going/versions')
  await refused(40401, 'POST', '/subjects/going', posted(text))
  await refused(40408, 'GET', '/config/going')
  assert.deepEqual(await ok('GET', '/subjects?subjectPrefix=goin'), [])
  assert.deepEqual(await ok('GET', '/subjects?subjectPrefix=goin&deleted=true'), ['going'])
  assert.deepEqual(await ok('GET', '/subjects/going/versions?deleted=true'), [1, 2])
  await ok('GET', `/schemas/ids/${id}`)
  assert.deepEqual(await ok('GET', `/schemas/ids/${id}/versions`), [])
  const again = await registered('going', posted(seq, { name: 'going', type: 'int' }))
  assert.deepEqual([again.id, again.version], [id, 3])
  await ok('DELETE', '/subjects/going')
  assert.deepEqual(await ok('DELETE', '/subjects/going?permanent=true'), [1, 2, 3])
  await refused(40403, 'GET', `/schemas/ids/${id}`)
  await refused(40401, 'DELETE', '/subjects/going')
})

test('a version goes softly first, and then for good', async () => {
  await registered('parts', posted(seq))
  await registered('parts', posted(seq, topic))
  await refused(40407, 'DELETE', '/subjects/parts/versions/1?permanent=true')
  assert.equal(await ok('DELETE', '/subjects/parts/versions/latest'), 2)
  await refused(40406, 'DELETE', '/subjects/parts/versions/2')
  await refused(40402, 'GET', '/subjects/parts/versions/2')
  assert.deepEqual(await ok('GET', '/subjects/parts/versions?deletedOnly=true'), [2])
  assert.equal(await ok('DELETE', '/subjects/parts/versions/2?permanent=true'), 2)
  await refused(40402, 'DELETE', '/subjects/parts/versions/2')
  assert.deepEqual(await ok('GET', '/subjects/parts/versions?deleted=true'), [1])
})

test('a schema may use the types of another, which stays as long as it is used', async () => {
  const role = { schema: '{"type":"enum","name":"Role","namespace":"whiply.test","symbols":["vip"]}' }
  await registered('role', role)
  const member = {
    schema:
      '{"type":"record","name":"Member","namespace":"whiply.test","fields":[{"name":"role","type":"whiply.test.Role"}]}',
    references: [{ name: 'whiply.test.Role', subject: 'role', version: -1 }],
  }
  const { id } = await registered('member', member)
  const found = (await ok('GET', `/schemas/ids/${id}`)) as { readonly references: unknown }
  assert.deepEqual(found.references, [{ name: 'whiply.test.Role', subject: 'role', version: 1 }])
  const asReference = { name: 'whiply.test.Member', subject: 'member', version: 1 }
  const badge = { schema: '{"type":"array","items":"whiply.test.Member"}', references: [asReference] }
  await registered('badges', badge)
  assert.deepEqual(await ok('GET', '/subjects/role/versions/1/referencedby'), [id])
  await refused(42206, 'DELETE', '/subjects/role')
  await refused(42206, 'DELETE', '/subjects/role/versions/1')
  assert.match(
    await refused(42201, 'POST', '/subjects/member/versions', { schema: member.schema }),
    /Role" is not known/,
  )
  const lost = { ...member, references: [{ name: 'x', subject: 'role', version: 9 }] }
  assert.match(await refused(42201, 'POST', '/subjects/member/versions', lost), /no version 9 of the subject "role"/)
  const wider = {
    schema: member.schema.replace('}]}', '},{"name":"since","type":"long"}]}'),
    references: member.references,
  }
  await refused(409, 'POST', '/subjects/member/versions', wider)
})

test('references have an end', async () => {
  let references: readonly unknown[] = []
  const refusedAt = async (): Promise<number> => {
    for (let depth = 0; depth < 20; depth++) {
      const items = depth === 0 ? 'int' : `T${depth - 1}`
      const schema = `{"type":"record","name":"T${depth}","fields":[{"name":"a","type":"${items}"}]}`
      const [status, json] = await call('POST', `/subjects/chain-${depth}/versions`, { schema, references })
      if (status !== 200) {
        assert.match(JSON.stringify(json), /42201.*nested deeper than 16/)
        return depth
      }
      references = [{ name: `T${depth}`, subject: `chain-${depth}`, version: 1 }]
    }
    return 20
  }
  assert.equal(await refusedAt(), 17)
})

test('normalize puts references in order', async () => {
  for (const name of ['A', 'B']) await registered(`n-${name}`, { schema: `{"type":"fixed","name":"${name}","size":1}` })
  const references = ['B', 'A'].map((name) => ({ name, subject: `n-${name}`, version: 1 }))
  const schema = '{"type":"record","name":"N","fields":[{"name":"a","type":"A"},{"name":"b","type":"B"}]}'
  const { id } = await registered('n', { schema, references }, '?normalize=true')
  assert.equal((await registered('n', { schema, references: references.toReversed() })).id, id)
  await refused(40403, 'POST', '/subjects/n', { schema, references })
  await ok('POST', '/subjects/n?normalize=true', { schema, references })
})

test('lists have pages, prefixes and an order', async () => {
  for (const name of ['list-b', 'list-a', 'list-c']) await registered(name, posted(seq))
  assert.deepEqual(await ok('GET', '/subjects?subjectPrefix=list-'), ['list-a', 'list-b', 'list-c'])
  assert.deepEqual(await ok('GET', '/subjects?subjectPrefix=:*:list-&offset=1&limit=1'), ['list-b'])
  await registered('list-a', posted(seq, topic))
  const latest = (await ok('GET', '/schemas?subjectPrefix=list-a&latestOnly=true')) as readonly { version: number }[]
  assert.deepEqual(
    latest.map(({ version }) => version),
    [2],
  )
  await refused(400, 'GET', '/subjects?limit=some')
})

test('a subject may be named anything that a path can hold', async () => {
  const subject = 'a/b c?d:é'
  await registered(encodeURIComponent(subject), posted(seq))
  assert.deepEqual(await ok('GET', '/subjects?subjectPrefix=a/'), [subject])
  assert.deepEqual(await ok('GET', `/subjects/${encodeURIComponent(`:.:${subject}`)}/versions`), [1])
  await refused(42208, 'POST', `/subjects/${encodeURIComponent(':.other:a')}/versions`, posted(seq))
  await refused(42208, 'POST', '/subjects/%00/versions', posted(seq))
  await refused(400, 'GET', '/subjects/%E0%A4%A/versions')
})

test('what is there besides schemas', async () => {
  assert.deepEqual(await ok('GET', '/'), {})
  assert.deepEqual(await ok('GET', '/contexts'), ['.'])
  assert.deepEqual(await ok('GET', '/schemas/types'), ['AVRO'])
})

test('what is malformed or too large is refused before anything is done', async () => {
  await refused(40403, 'GET', '/schemas/ids/2147483647')
  await refused(40403, 'GET', '/schemas/guids/none')
  await refused(400, 'GET', '/schemas/ids/one')
  for (const version of ['0', '-2', '2147483648', 'first', '1.5'])
    await refused(42202, 'GET', `/subjects/found/versions/${version}`)
  await refused(42201, 'POST', '/subjects/bad/versions', { schema: '{"type":"recrod"}' })
  await refused(42201, 'POST', '/subjects/bad/versions', { schema: '{' })
  await refused(42201, 'POST', '/compatibility/subjects/found/versions/latest', { schema: '7' })
  for (const schemaType of ['JSON', 'PROTOBUF'])
    assert.match(await refused(42201, 'POST', '/subjects/bad/versions', { schema: '{}', schemaType }), /only AVRO/)
  await refused(42210, 'POST', '/subjects/bad/versions', { ...posted(seq), metadata: { tags: {} } })
  await refused(400, 'POST', '/subjects/bad/versions', {})
  await refused(400, 'POST', '/subjects/bad/versions')
  await refused(404, 'GET', '/nowhere')
  await refused(405, 'DELETE', '/schemas/types')
  await refused(42209, 'POST', '/subjects/bad/versions', { schema: `"${'x'.repeat(400_000)}"` })
  await refused(413, 'POST', '/subjects/bad/versions', { schema: 'x'.repeat(1_100_000) })
  const plain = await fetch(`${registry.url}/subjects/bad/versions`, { method: 'POST', body: 'schema' })
  assert.equal(plain.status, 415)
  const broken = await fetch(`${registry.url}/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{"compatibility"',
  })
  assert.equal(broken.status, 400)
  await refused(40401, 'GET', '/subjects/bad/versions')
})

test('answers have the type that is liked best', async () => {
  const typeFor = async (accept: string) => {
    const response = await fetch(`${registry.url}/schemas/types`, { headers: { accept } })
    await response.body?.cancel()
    return response.status === 200 ? response.headers.get('content-type') : response.status
  }
  const v1 = 'application/vnd.schemaregistry.v1+json'
  assert.equal(await typeFor('*/*'), v1)
  assert.equal(await typeFor('application/json'), 'application/json')
  assert.equal(await typeFor(`application/json;q=0.5, ${v1}`), v1)
  assert.equal(await typeFor('application/vnd.schemaregistry+json'), 'application/vnd.schemaregistry+json')
  assert.equal(await typeFor('text/html'), 406)
})
