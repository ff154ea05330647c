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
const links = [...page.matchAll(/<link rel="modulepreload" href="([^"]+)"([^>]*)>/g)]
const preloaded = links.map(([, href]) => href)
const scripts = [...page.matchAll(/<script type="module"[^>]* src="([^"]+)"/g)].map(([, src]) => src)

/** All that a module cannot begin without, itself among it. */
const reachedFrom = (paths) => {
  const reached = new Set(paths)
  for (const path of reached) if (!path.startsWith('/')) for (const each of importsOf(path)) reached.add(each)
  return [...reached]
}

test('all that the page begins with is asked for at once, and not each when another one has been read', () => {
  const reached = reachedFrom([...scripts, ...preloaded])
  assert.ok(reached.length > 40)
  assert.ok(reached.includes('app.js'))
  assert.deepEqual(
    reached.filter((path) => !scripts.includes(path) && !preloaded.includes(path)),
    [],
  )
  assert.deepEqual(preloaded.length, new Set(preloaded).size)
})

test('what the video begins with comes before all else', () => {
  const hurried = links.filter(([, , how]) => how === '').map(([, href]) => href)
  assert.deepEqual([...hurried].sort(), reachedFrom(['watch/first.js']).sort())
  const [, rest = ''] = /<template id="rest">(.*?)<\/template>/s.exec(page) ?? []
  assert.deepEqual(
    [...rest.matchAll(/<link rel="modulepreload" href="([^"]+)" fetchpriority="low">/g)].map(([, href]) => href),
    preloaded.slice(hurried.length),
  )
  assert.match(page, /<script type="module" async fetchpriority="high" src="opening.js">/)
})
