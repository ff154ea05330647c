import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { IdentityDraft } from '#libs/identity/events.ts'
import { accountId } from '#libs/identity/identity.fixtures.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import type { Mail } from '#libs/mail/mailer.ts'
import { stubSeal, t0 } from '#libs/testing/specification.ts'
import { mailsManager } from './mails.ts'

const DAY_MS = 24 * 3_600_000

/** What comes of events that are so old. */
const after = async (drafts: readonly IdentityDraft[], { email = 'ada@example.org', ageMs = 0 } = {}) => {
  const mails: Mail[] = []
  const forgotten: string[] = []
  const manager = mailsManager({
    post: { put: (mail) => void mails.push(mail), forget: (id) => void forgotten.push(id) },
    account: async (id) => (id === accountId ? { email: email || null, handle: 'Ada' } : undefined),
    publicUrl: 'https://whiply.example',
    now: () => t0 + ageMs,
  })
  const events = drafts.map((draft, index) =>
    codecs.account.encodeEvent(codecs.account.sealEvent(draft, `command/${index}`, stubSeal)),
  )
  const record = { key: accountId, at: t0, outcome: { kind: 'accepted', events, summary: {} } }
  const [task] = await manager.prepare([record as unknown as OutcomeRecord])
  await task?.run(new AbortController().signal, {} as never)
  return { mails, forgotten }
}

test('the owner hears that their factors are gone, or that they stay', async () => {
  const { mails } = await after([
    { type: 'FactorsReset', accountId },
    { type: 'FactorResetCancelled', accountId, reason: null },
  ])
  assert.deepEqual(
    mails.map(({ to, accountId: about, subject }) => [to, about, subject]),
    [
      ['ada@example.org', accountId, 'Your second factors were reset'],
      ['ada@example.org', accountId, 'Your second factors stay'],
    ],
  )
  assert.ok(mails.every(({ text }) => text.includes('Hello Ada') && text.includes('https://whiply.example')))
})

test('nobody is told without an address, of what is old news, or of anything else', async () => {
  const reset = [{ type: 'FactorsReset', accountId }] as const
  assert.equal((await after(reset, { email: '' })).mails.length, 0)
  assert.equal((await after(reset, { ageMs: DAY_MS })).mails.length, 1)
  assert.equal((await after(reset, { ageMs: DAY_MS + 1 })).mails.length, 0)
  assert.equal((await after([{ type: 'PasswordChanged' }])).mails.length, 0)
})

test('mails that wait about somebody erased are destroyed, however long ago that was', async () => {
  const { forgotten } = await after([{ type: 'AccountErased', accountId }], { ageMs: 400 * DAY_MS })
  assert.deepEqual(forgotten, [accountId])
})
