import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importsIn, wrongArrows } from './arrows.ts'

const arrow = (from: string, to: string) => wrongArrows([{ from, to }]).map(({ rule }) => rule)

test('imports are found however they are written', () => {
  const text = [
    "import { a } from '#libs/journal/log.ts'",
    "import type {\n  B,\n  C,\n} from '../config/app.ts'",
    "export * from './d.ts'",
    "import 'node:fs'",
    "const e = await import('#apps/decider/app.ts')",
    "import f, { type G } from 'express'",
  ].join('\n')
  assert.deepEqual(
    importsIn('libs/channel/x.ts', text).map(({ to }) => to),
    ['libs/journal/log.ts', 'libs/config/app.ts', 'libs/channel/d.ts', 'node:fs', 'apps/decider/app.ts', 'express'],
  )
})

test('arrows go down from apps over contexts to the base', () => {
  assert.deepEqual(arrow('apps/decider/app.ts', 'libs/channel/decider.ts'), [])
  assert.deepEqual(arrow('libs/channel/decide.ts', 'libs/journal/decider.ts'), [])
  assert.deepEqual(arrow('libs/readmodel/projection.ts', 'libs/journal/outcome.ts'), [])
  assert.deepEqual(arrow('libs/journal/log.ts', 'libs/config/config.ts'), [])
  assert.deepEqual(arrow('libs/journal/log.ts', 'libs/channel/decide.ts'), ['middle imports context'])
  assert.deepEqual(arrow('libs/config/app.ts', 'libs/journal/log.ts'), ['base imports middle'])
  assert.deepEqual(arrow('libs/channel/decide.ts', 'apps/decider/app.ts'), ['context imports app'])
  assert.deepEqual(arrow('apps/projector/app.ts', 'apps/decider/app.ts'), ['app imports app'])
  assert.deepEqual(arrow('libs/client/client.ts', 'libs/config/config.ts'), ['outside imports base'])
})

test('a context never imports another', () => {
  assert.match(String(arrow('libs/channel/decide.ts', 'libs/identity/state.ts')), /speak by events/)
})

test('only tests use what tests are made of, and only the launcher starts engines', () => {
  assert.deepEqual(arrow('libs/journal/log.test.ts', 'libs/testing/engines.ts'), [])
  assert.deepEqual(arrow('libs/journal/log.ts', 'libs/testing/engines.ts'), ['middle imports testing'])
  assert.deepEqual(arrow('apps/whiply/start.ts', 'infra/embedded/kafka.ts'), [])
  assert.deepEqual(arrow('apps/decider/app.ts', 'infra/embedded/kafka.ts'), ['app imports infra'])
})

test('folders that import each other in a circle are told with the way round', () => {
  const found = wrongArrows([
    { from: 'libs/journal/a.ts', to: 'libs/vault/b.ts' },
    { from: 'libs/vault/b.ts', to: 'libs/http/c.ts' },
    { from: 'libs/http/c.ts', to: 'libs/journal/a.ts' },
  ])
  assert.deepEqual(
    found.map(({ rule }) => rule),
    ['a cycle: libs/journal → libs/vault → libs/http → libs/journal'],
  )
})

test('what a decider loads reaches neither web server nor database, however far away', () => {
  const found = wrongArrows([
    { from: 'libs/channel/decider.ts', to: 'libs/channel/decide.ts' },
    { from: 'libs/channel/decide.ts', to: 'libs/channel/reads/queries.ts' },
    { from: 'libs/channel/reads/queries.ts', to: 'postgres' },
    { from: 'libs/channel/edge.ts', to: 'express' },
  ])
  assert.deepEqual(found, [
    { from: 'libs/channel/reads/queries.ts', to: 'postgres', rule: 'libs/channel/decider.ts must never load postgres' },
  ])
})
