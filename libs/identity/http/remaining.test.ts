import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remainingCopies } from './remaining.ts'

test('an erasure names every topic with a copy in clear, with a day on which the last copy has gone', () => {
  const at = Date.parse('2026-01-01T00:00:00Z')
  assert.deepEqual(remainingCopies(at, { topics: ['whiply.public.chat.v1'], keptMs: 7 * 86_400_000 }), [
    { where: 'whiply.account.commands', what: 'commands as they were sent', until: '2026-01-02T02:00:00.000Z' },
    { where: 'whiply.channel.commands', what: 'commands as they were sent', until: '2026-01-02T02:00:00.000Z' },
    { where: 'whiply.broadcast.commands', what: 'commands as they were sent', until: '2026-01-02T02:00:00.000Z' },
    { where: 'whiply.conversation.commands', what: 'commands as they were sent', until: '2026-01-02T02:00:00.000Z' },
    { where: 'whiply.presence', what: 'the name that was shown while connected', until: '2026-01-01T00:30:00.000Z' },
    {
      where: 'whiply.public.chat.v1',
      what: 'what was public, as others were sent it',
      until: '2026-01-08T01:00:00.000Z',
    },
  ])
})
