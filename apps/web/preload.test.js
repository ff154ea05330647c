import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { test } from 'node:test'

const read = (path) => readFileSync(join(import.meta.dirname, 'public', path), 'utf8')

/** What a module cannot begin without, as paths from the page. */
const importsOf = (path) =>
  [...read(path).matchAll(/^import[^'(]*'([^']+)'/gm)].map(([, from]) =>
    from.startsWith('/') ? from : posix.join(posix.dirname(path), from),
  )

const page = read('index.html')
const preloaded = [...page.matchAll(/<link rel="modulepreload" href="([^"]+)">/g)].map(([, href]) => href)
const scripts = [...page.matchAll(/<script type="module"[^>]* src="([^"]+)">/g)].map(([, src]) => src)

test('all that the page begins with is asked for at once, and not each when another one has been read', () => {
  const reached = new Set([...scripts, ...preloaded])
  for (const path of reached) if (!path.startsWith('/')) for (const each of importsOf(path)) reached.add(each)
  assert.ok(reached.size > 40)
  assert.deepEqual(
    [...reached].filter((path) => !scripts.includes(path) && !preloaded.includes(path)),
    [],
  )
  assert.deepEqual(preloaded.length, new Set(preloaded).size)
})
