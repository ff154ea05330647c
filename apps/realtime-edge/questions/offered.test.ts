import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import type { z } from 'zod'
import { isAccessRule } from '#libs/access/rule.ts'
import { channelTextRoutes } from '#libs/channel/routes.ts'
import { conversationRoutes } from '#libs/conversation/routes.ts'
import { asyncApiYaml } from '#libs/integration/catalogue/asyncapi.ts'
import { actExamples } from '#libs/protocols/native/acts.ts'
import { clientFrameSchemas, parseClientFrame } from '#libs/protocols/native/client-frames.ts'
import { questionDocuments } from './document.ts'
import { answerErrors } from './errors.ts'
import { exampled, exampleOf } from './examples.ts'
import { chatRoutes, frameOf, offered, overHttp, ownFrames } from './offered.ts'
import { askedOf } from './parts.ts'

const served = offered([...channelTextRoutes, ...conversationRoutes])
const servedIds = new Set(served.map(({ id }) => id))

test('everything of chat over HTTP is a frame, a question or command, or stands among the exceptions with its reason', () => {
  for (const { id } of chatRoutes) {
    const ways = [servedIds.has(id), Object.hasOwn(ownFrames, id), Object.hasOwn(overHttp, id)]
    assert.equal(ways.filter(Boolean).length, 1, `${id}: it is to be spoken over the socket in one way`)
  }
  const ids = new Set(chatRoutes.map(({ id }) => id))
  for (const id of [...Object.keys(ownFrames), ...Object.keys(overHttp)]) assert.ok(ids.has(id), `there is no ${id}`)
  for (const reason of Object.values(overHttp)) assert.match(reason, /\w+ \w+/)
})

test('frames that stand for a route are there', () => {
  for (const [id, frame] of Object.entries(ownFrames))
    assert.ok(typeof frame === 'string' ? frame in clientFrameSchemas : frame.act in actExamples, id)
})

test('what is asked for by name has a rule, answers in text, and no code that an answer could not tell', () => {
  for (const { id, access, upload, responses, errors } of served) {
    assert.ok(isAccessRule(access), id)
    assert.equal(upload, undefined, id)
    for (const { bytes, streams } of Object.values(responses)) assert.equal(bytes ?? streams, undefined, id)
    for (const code of errors) assert.ok(code in answerErrors, `${id} answers with ${code}`)
  }
})

test('of what is asked for by name there is an example, which its route takes', () => {
  assert.deepEqual([...exampled].toSorted(), [...servedIds].toSorted())
  for (const route of served) {
    const example = exampleOf(frameOf(route), route.id)
    assert.deepEqual(parseClientFrame(JSON.stringify(example)), { ok: true, frame: example })
    const bound = { ...route, handler: () => ({ status: 200 }) }
    const nobody = { caller: undefined, address: '::1', signal: new AbortController().signal }
    const asked = askedOf(bound, example, nobody)
    route.params?.parse(asked.params)
    if (route.query) route.query.parse(asked.query)
    else assert.deepEqual(asked.query, {}, route.id)
    if (route.body) route.body.parse(asked.body())
    else assert.equal(example.body, undefined, route.id)
  }
})

test('no parameter stands both in the path and in the query of a route, as they come together here', () => {
  for (const { id, params, query } of served)
    for (const name of Object.keys(params?.shape ?? {})) assert.ok(!(name in (query?.shape ?? {})), `${id}: ${name}`)
})

test('the document says of each what it takes, and where its answer stands', () => {
  const openapi = parse(readFileSync(new URL('../../../schemas/openapi.yaml', import.meta.url), 'utf8'))
  const documents = questionDocuments()
  assert.equal(documents.length, served.length)
  for (const { name, schema, example, answer } of documents) {
    ;(schema as z.ZodType).parse(example)
    const [, pointer = ''] = answer.split('#/')
    const place = pointer.split('/').map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    const form = place.reduce<unknown>(
      (within, part) => (within as Record<string, unknown> | undefined)?.[part],
      openapi,
    )
    assert.ok(form, `${name}: ${answer}`)
  }
})

test('schemas/asyncapi.yaml is as the frames and routes have it, and every reference within leads somewhere', () => {
  const text = asyncApiYaml(questionDocuments())
  const file = new URL('../../../schemas/asyncapi.yaml', import.meta.url)
  assert.equal(readFileSync(file, 'utf8'), text, 'run `npm run generate`')
  const document = parse(text)
  assert.ok(document.components.messages['query.listMessages'])
  for (const [, reference = ''] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = reference
      .split('/')
      .reduce<unknown>((place, name) => (place as Record<string, unknown> | undefined)?.[name], document)
    assert.ok(found, reference)
  }
})
