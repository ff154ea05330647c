import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const folder = join(import.meta.dirname, 'public')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
const read = (path) => readFileSync(join(folder, path), 'utf8')

const inputs = files
  .filter((path) => /\.(html|js)$/.test(path))
  .flatMap((path) => [...read(path).matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag))

test('what is typed where a password is asked for is masked, and password managers know what the field is for', () => {
  const passwords = inputs.filter((tag) => /name="(password|old|again)"/.test(tag))
  assert.ok(passwords.length >= 6)
  for (const tag of passwords) {
    assert.match(tag, /type="password"/)
    assert.match(tag, /autocomplete="(current|new)-password"/)
  }
})

test('nothing stands in the way of pasting', () => {
  for (const path of files.filter((name) => /\.(js|html)$/.test(name)))
    assert.doesNotMatch(read(path), /onpaste|['"](paste|beforeinput)['"]/, path)
})
