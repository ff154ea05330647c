import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HttpProblem } from '#libs/http/problem.ts'
import { gcraLimiter } from '#libs/http/rate-limit.ts'
import { createPasswords, type Passwords } from '#libs/vault/passwords.ts'
import type { IdentityEdge } from './edge.ts'
import { createFailedLogins, type FailedLogins } from './failed-logins.ts'
import { createKnownPlaces } from './known-places.ts'
import { passwordResetRoutes } from './password-reset.ts'
import { sessionRoutes } from './sessions.ts'

const passwords = createPasswords({ concurrency: 1 })
const passwordHash = await passwords.hash('correct horse battery')

/** Of the same password, as it was brought from elsewhere. */
const importedHash = '$2b$10$hsxx8gXMG5nLx0VDuS8FbOk.bzL/TMkLKw7Wsh7FXDBLQKTqofs9G'

/** Handles of everything that somebody may ask for, by what they are. */
const handles = {
  account: 'with_password',
  imported: 'from_elsewhere',
  passkeys: 'without_password',
  deactivated: 'out_of_use',
  erased: 'erased_one',
  channel: 'a_channel',
  renamed: 'went_by_this',
  nobody: 'nobody_here',
} as const

const ids: Readonly<Record<string, string>> = {
  with_password: '1',
  without_password: '2',
  out_of_use: '3',
  erased_one: '4',
  from_elsewhere: '5',
}
const states: Readonly<Record<string, string>> = { 3: 'deactivated', 4: 'erased' }

/** Real passwords, counted, over an account of each kind. */
const setUp = (failedLogins: FailedLogins = createFailedLogins({ stepMs: 1 })) => {
  const done: string[] = []
  const counted: Passwords = {
    ...passwords,
    hash: async (password) => {
      done.push('hash')
      return passwords.hash(password)
    },
    verify: async (hash, password) => {
      done.push('verify')
      return passwords.verify(hash, password)
    },
  }
  const behind: (() => Promise<void>)[] = []
  const asked: string[] = []
  const failed: string[] = []
  const edge = {
    secureCookies: false,
    passwords: counted,
    limiter: gcraLimiter({ now: () => 0 }),
    knownPlaces: createKnownPlaces(),
    failedLogins: {
      ...failedLogins,
      wait: (began: number) => {
        done.push('wait')
        return failedLogins.wait(began)
      },
    },
    failedAttempts: { note: (id: string) => void failed.push(id) },
    behind: (work: () => Promise<void>) => void behind.push(work),
    reads: {
      holder: async (hash: string) => {
        asked.push(hash)
        if (hash === handles.renamed) return { kind: 'account', id: '1', retiredUntil: 1 }
        if (hash === handles.channel) return { kind: 'channel', id: '9', retiredUntil: null }
        const id = ids[hash]
        return id === undefined ? undefined : { kind: 'account', id, retiredUntil: null }
      },
      account: async (accountId: string) => {
        asked.push(`account ${accountId}`)
        return { accountId, state: states[accountId] ?? 'open', email: null }
      },
      withEmail: async (email: string) => {
        asked.push(email)
        return []
      },
    },
    vault: {
      hashes: { compare: (_kind: string, value: string) => value },
      credentials: {
        get: async (accountId: string) =>
          accountId === '2' || accountId === '4'
            ? undefined
            : { accountId, passwordHash: accountId === '5' ? importedHash : passwordHash, mustChange: false },
      },
    },
  } as unknown as IdentityEdge
  return { edge, done, behind, asked, failed }
}

const handlerOf = (routes: readonly (typeof sessionRoutes)[number][], id: string) =>
  routes.find((route) => route.id === id)?.handler ?? assert.fail(`there is no ${id}`)

let turn = 0

const logIn = async (edge: IdentityEdge, handle: string, password = 'not the password') => {
  turn += 1
  const body = { handle, password }
  const request = { body, address: `10.${turn >> 8}.${turn & 255}.1`, header: () => undefined, cookie: () => undefined }
  try {
    return await handlerOf(sessionRoutes, 'logIn')(request as never, edge)
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error
    const { code, message, detail, headers, violations } = error
    return { code, message, detail, headers, violations }
  }
}

test('whatever a handle is, a wrong password has one answer, costs one verification, and waits as long', async () => {
  for (const [kind, handle] of Object.entries(handles)) {
    const { edge, done, behind, failed } = setUp()
    const refused = { code: 'identity.invalid_credentials', message: '', detail: {}, headers: {}, violations: [] }
    assert.deepEqual(await logIn(edge, handle), refused, kind)
    assert.deepEqual([done, behind.length], [['verify', 'wait'], 0], kind)
    const isSomebodys = ['account', 'imported', 'passkeys', 'deactivated'].includes(kind)
    assert.equal(failed.length, isSomebodys ? 1 : 0, kind)
  }
})

test('a handle that its account went by before logs nobody in, whatever the password', async () => {
  const { edge, done } = setUp()
  const { code } = (await logIn(edge, handles.renamed, 'correct horse battery')) as { readonly code: string }
  assert.deepEqual([code, done], ['identity.invalid_credentials', ['verify', 'wait']])
})

const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

test('the time of an answer tells neither whether there is an account nor from where it came', async () => {
  // As in production a step is longer than what the slowest takes, on whatever machine this is and however busy.
  const slowest: number[] = []
  for (let turn = 0; turn < 2; turn++) {
    const began = performance.now()
    await passwords.verify(importedHash, 'not the password')
    slowest.push(performance.now() - began)
  }
  const { edge } = setUp(createFailedLogins({ stepMs: 2 * Math.max(...slowest) }))
  const kinds = ['account', 'imported', 'nobody'] as const
  const times = { account: [] as number[], imported: [] as number[], nobody: [] as number[] }
  const measure = async (kind: keyof typeof times) => {
    const began = performance.now()
    await logIn(edge, handles[kind])
    times[kind].push(performance.now() - began)
  }
  // Turn about, so that what else the machine does meets all alike.
  for (let round = 0; round < 3; round++)
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) await measure(kind)
  const medians = kinds.map((kind) => medianOf(times[kind]))
  // By itself bcrypt takes many times as long; on a machine so busy that it takes a step more, twice.
  const ratio = Math.max(...medians) / Math.min(...medians)
  assert.ok(ratio < 3, `the medians are ${medians}`)
})

test('who asks for a reset is answered before anything is looked up that is theirs', async () => {
  const { edge, asked, behind, done } = setUp()
  const ask = handlerOf(passwordResetRoutes, 'requestPasswordReset')
  const bodies = [{ handle: handles.account }, { handle: handles.nobody }, { email: 'nobody@example.org' }]
  for (const body of bodies) {
    asked.length = 0
    assert.deepEqual(await ask({ body } as never, edge), { status: 202 })
    assert.deepEqual(asked, ['account 0'], 'of nobody: whether anything can be looked up')
  }
  assert.deepEqual([done, behind.length], [[], bodies.length])
})
