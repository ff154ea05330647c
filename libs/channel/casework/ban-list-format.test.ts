import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { writeCsv } from '../list-files.ts'
import { readBanList } from './ban-list-format.ts'

test('a handle a line, as it is or as one writes it in a chat', () => {
  assert.deepEqual(
    readBanList('lines', 'ada\n\n# spammers\n@Bob\r\n/ban carl free skins\n.ban dan\nno-handle\n/ban\n'),
    {
      entries: [
        { name: 'ada', reason: '' },
        { name: 'Bob', reason: '' },
        { name: 'carl', reason: 'free skins' },
        { name: 'dan', reason: '' },
      ],
      malformed: [7, 8],
    },
  )
})

test('a table, by the names of its columns or in the usual order', () => {
  const read = { entries: [{ name: 'ada', reason: 'spam, again' }], malformed: [] }
  assert.deepEqual(readBanList('csv', 'ada,"spam, again"\n'), read)
  assert.deepEqual(readBanList('csv', 'Reason,User_Login\r\n"spam, again",ada\r\n'), read)
  assert.deepEqual(readBanList('csv', 'login\nada\n,\n"b b"'), {
    entries: [{ name: 'ada', reason: '' }],
    malformed: [3, 4],
  })
})

test('what is written is read back, and nothing is a formula', () => {
  const handle = fc.stringMatching(/^[A-Za-z0-9_]{3,25}$/)
  const reason = fc.string().map((text) => text.replaceAll('\r', ' ').trim())
  fc.assert(
    fc.property(fc.array(fc.tuple(handle, reason)), (rows) => {
      const { entries, malformed } = readBanList('csv', writeCsv(['handle', 'reason'], rows))
      assert.deepEqual(malformed, [])
      assert.deepEqual(
        entries,
        rows.map(([name, text]) => ({ name, reason: /^[=+\-@\t]/.test(text) ? `'${text}` : text })),
      )
    }),
  )
})
