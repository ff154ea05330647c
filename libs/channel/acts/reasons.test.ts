import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Act, actExamples, actSchema } from '#libs/protocols/native/acts.ts'
import { actCommand } from './commands.ts'

/** What members do for themselves, and what is words itself. */
const withoutReason: ReadonlySet<Act['kind']> = new Set([
  ...(['follow', 'unfollow', 'acknowledge-warning', 'accept-rules', 'accept-channel', 'edit-message', 'vote'] as const),
  ...(['report', 'appeal', 'add-note', 'link-alts'] as const),
])

test('every act of a moderator takes a reason, which its command carries', () => {
  for (const { shape } of actSchema.options) {
    const kind = shape.kind.value
    assert.equal('reason' in shape, !withoutReason.has(kind), kind)
    if (withoutReason.has(kind)) continue
    const command = actCommand({ ...actExamples[kind], reason: 'why not' } as Act)
    assert.equal('reason' in command && command.reason, 'why not', kind)
    const { reason: _, ...bare } = { reason: '', ...actExamples[kind] }
    assert.equal((actCommand(bare as Act) as { reason?: unknown }).reason, null, kind)
  }
})
