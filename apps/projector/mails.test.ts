import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Open } from '#libs/contracts/sealed.ts'
import type { AccountView } from '#libs/identity/account-view.ts'
import type { IdentityDraft } from '#libs/identity/events.ts'
import { accountId, opened } from '#libs/identity/identity.fixtures.ts'
import { noticed } from '#libs/identity/notices.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { type Mail, MailError } from '#libs/mail/mailer.ts'
import { isTransient, ReadModelBehind } from '#libs/readmodel/errors.ts'
import { stubSeal, t0 } from '#libs/testing/specification.ts'
import { type MailsOptions, mailsManager } from './mails.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

const ada = {
  accountId,
  state: 'open',
  handle: 'Ada',
  email: 'ada@example.org',
  emailVerified: false,
  emailRevision: 0,
} as AccountView

const openStub: Open = (_subject, _eventId, _field, sealed) => sealed.toString()

/** A manager over a mailer and a vault that note what they are asked. */
const world = (options: Partial<MailsOptions> & { readonly isRegistered?: boolean } = {}) => {
  const { isRegistered = true, ...given } = options
  const mails: Mail[] = []
  const lost: unknown[] = []
  const forgotten: string[] = []
  const issued: object[] = []
  const clock = { now: t0 }
  const fails: unknown[] = []
  const manager = mailsManager({
    mailer: {
      send: async (mail) => {
        if (fails.length > 0) throw fails.shift()
        mails.push(mail)
      },
      forget: async (id) => void forgotten.push(id),
    },
    onLost: (error) => lost.push((error as MailError).code),
    account: async (id) => (id === accountId ? ada : undefined),
    vault: {
      keys: { prefetch: async () => {}, open: openStub, forget: () => {} },
      oneTime: {
        issue: async (token) => `secret ${issued.push(token)}`,
        drop: async () => {},
      },
      registrations: { has: async () => isRegistered },
    },
    publicUrl: 'https://whiply.example',
    now: () => clock.now,
    ...given,
  })
  /** What a record of these events asks for. */
  const taskOf = async (...drafts: readonly IdentityDraft[]) => {
    const events = drafts.map((draft, index) =>
      codecs.account.encodeEvent(codecs.account.sealEvent(draft, `command/${index}`, stubSeal)),
    )
    const record = { key: accountId, at: t0, commandId: 'command', outcome: { kind: 'accepted', events, summary: {} } }
    const [task] = await manager.prepare([record as unknown as OutcomeRecord])
    return async () => task?.run(new AbortController().signal, {} as never)
  }
  const after = async (...drafts: readonly IdentityDraft[]) => (await taskOf(...drafts))()
  return { after, taskOf, mails, lost, forgotten, issued, clock, fails }
}

const away = () => new MailError('mail.away', 'away')
const deferred = () => new MailError('mail.deferred', 'full')

const factorId = '01890000-0000-7000-8000-000000000000'
const totp = { accountId, factor: 'totp', factorId } as const
const passkey = { ...totp, factor: 'passkey' } as const
const scheduled = { type: 'FactorResetScheduled', accountId, resetAt: t0 + DAY_MS, reason: 'in the sea' } as const

test('the owner hears of all that was decided of how their account is logged in to', async () => {
  const { after, mails } = world()
  await after({ type: 'PasswordChanged' }, { type: 'SessionsRevoked', sessionIds: ['one'] })
  await after({ type: 'PasswordRemoved', accountId })
  await after({ type: 'FactorAdded', ...totp }, { type: 'FactorAdded', ...passkey })
  await after({ type: 'FactorRemoved', ...totp }, { type: 'FactorRemoved', ...passkey })
  await after({ type: 'RecoveryCodesIssued', accountId })
  await after({ type: 'FactorFailed', accountId })
  await after({ type: 'FactorsReset', accountId }, { type: 'FactorResetCancelled', accountId, reason: null })
  await after({ type: 'ErasureScheduled', accountId, eraseAt: t0 + DAY_MS })
  const changes = mails.map(({ subject, text }) => /of your account at \S+, (.+) just now/.exec(text)?.[1] ?? subject)
  assert.deepEqual(changes, [
    'Your password was changed',
    'the password was taken away',
    'codes of an app were set up',
    'a passkey was added',
    'codes of an app were taken away',
    'a passkey was removed',
    'new recovery codes were made',
    'Somebody knows your password',
    'Your second factors were reset',
    'Your second factors stay',
    'Your account is to be erased',
  ])
  assert.equal(new Set(mails.map(({ to, accountId: about }) => `${to} ${about}`)).size, 1)
  assert.equal(mails[0]?.to, 'ada@example.org')
  assert.ok(mails.every(({ text }) => text.includes('Hello Ada') && text.includes('https://whiply.example')))
})

test('nobody is told without an address, of what is old news, or of anything else', async () => {
  const none = world({ account: async () => ({ ...ada, email: null }) })
  await none.after({ type: 'PasswordChanged' })
  const { after, mails, clock } = world()
  await after({ type: 'SessionsRevoked', sessionIds: ['one'] })
  clock.now = t0 + DAY_MS + 1
  for (const type of noticed) await after({ type, ...totp, eraseAt: 1, reason: null } as never)
  assert.deepEqual([none.mails, mails], [[], []])
  clock.now = t0 + DAY_MS
  await after({ type: 'PasswordChanged' })
  assert.equal(mails.length, 1)
})

test('a mail waits for the read model and for a server that is away, and is sent once they are back', async () => {
  let isBehind = true
  const { taskOf, mails, fails, clock } = world({
    account: async () => {
      if (isBehind) throw new ReadModelBehind('behind')
      return ada
    },
  })
  const run = await taskOf({ type: 'PasswordChanged' })
  await assert.rejects(run, isTransient)
  isBehind = false
  fails.push(away(), away())
  await assert.rejects(run, isTransient)
  clock.now += 60 * MINUTE_MS
  await assert.rejects(run, isTransient)
  await run()
  assert.equal(mails.length, 1)
  const late = await taskOf({ type: 'PasswordChanged' })
  clock.now = t0 + DAY_MS + 1
  await late()
  assert.equal(mails.length, 1, 'it is no news any more')
})

test('a mail that is refused for good is given up, and one that is deferred in the end', async () => {
  const { taskOf, after, mails, lost, fails, clock } = world()
  fails.push(new MailError('mail.refused', 'nobody'))
  await after({ type: 'PasswordChanged' })
  assert.deepEqual(lost, ['mail.refused'])
  fails.push(deferred(), deferred(), deferred())
  const run = await taskOf({ type: 'PasswordChanged' })
  await assert.rejects(run, isTransient)
  clock.now += 15 * MINUTE_MS
  await assert.rejects(run, isTransient)
  clock.now += 1
  await run()
  assert.deepEqual([lost, mails], [['mail.refused', 'mail.deferred'], []])
})

test('who registers is asked whether the address is theirs, and nobody who was brought from elsewhere', async () => {
  const registered = world()
  await registered.after(opened)
  assert.deepEqual(
    registered.mails.map(({ subject }) => subject),
    ['Confirm your address'],
  )
  assert.match(registered.mails[0]?.text ?? '', /#confirm-email=secret 1/)
  const brought = world({ isRegistered: false, account: () => assert.fail('nothing is asked for') })
  await brought.after(opened)
  const confirmed = world({ account: async () => ({ ...ada, emailVerified: true }) })
  await confirmed.after(opened)
  assert.deepEqual([brought.issued, brought.mails, confirmed.mails], [[], [], []])
})

test('a reset of factors is announced with its reason and one link, however often it is tried', async () => {
  const { taskOf, mails, issued, fails } = world()
  fails.push(away())
  const run = await taskOf(scheduled)
  await assert.rejects(run, isTransient)
  await run()
  assert.match(mails[0]?.text ?? '', /in the sea[\s\S]+#keep-factors=secret 1/)
  assert.deepEqual(issued, [{ purpose: 'keep factors', accountId, lifetimeMs: DAY_MS }])
  const keys = { prefetch: async () => {}, open: () => undefined, forget: () => {} }
  const { vault } = { vault: { keys, oneTime: { issue: async () => 'x', drop: async () => {} } } }
  const erased = world({ vault: { ...vault, registrations: { has: async () => true } } })
  await erased.after(scheduled)
  assert.deepEqual(erased.mails, [])
})

test('who tries wrong codes for long does not fill the box of their owner', async () => {
  const { after, mails, clock } = world()
  for (let round = 0; round < 20; round++) await after({ type: 'FactorFailed', accountId })
  assert.equal(mails.length, 5)
  clock.now += 10 * MINUTE_MS
  await after({ type: 'FactorFailed', accountId })
  assert.equal(mails.length, 6)
})

test('mails that lie here about somebody erased are destroyed, however long ago that was', async () => {
  const { after, forgotten, clock } = world()
  clock.now += 400 * DAY_MS
  await after({ type: 'AccountErased', accountId })
  assert.deepEqual(forgotten, [accountId])
})
