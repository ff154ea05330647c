import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Registration } from '#libs/vault/registrations.ts'
import { joinRegistration } from './registrations.ts'

const sent = { handle: 'ada', displayName: 'Ada', email: null, password: 'secret' }
const invitation = { hash: Buffer.alloc(32), purpose: 'invitation', accountId: '7', group: 'g', expiresAt: 1 } as const
const begun: Registration = { accountId: '1', fingerprint: JSON.stringify(['ada', 'Ada', null]), invitation }

/** An edge over a vault that has this of a registration, and the hash of a password where there is one. */
const edgeWith = (kept: { readonly password?: string }) => {
  const dropped: string[] = []
  const vault = {
    registrations: {
      find: async () => begun,
      join: async () => true,
      drop: async (accountId: string) => void dropped.push(accountId),
    },
    credentials: { get: async () => kept.password && { passwordHash: kept.password } },
    hashes: { fingerprint: String },
  }
  const passwords = { verify: async (hash: string, password: string) => hash === password }
  return { edge: { vault, passwords } as unknown as Parameters<typeof joinRegistration>[0], dropped }
}

const join = (kept: { readonly password?: string }, other: Partial<typeof sent> = {}) =>
  joinRegistration(edgeWith(kept).edge, 'command', { ...sent, ...other })

test('one that comes again is for the account of the first time, and by the invitation of then', async () => {
  assert.deepEqual(await join({ password: 'secret' }), { accountId: '1', invitedBy: '7' })
})

test('something else by its key is refused, another password too', async () => {
  for (const other of [{ handle: 'eve' }, { password: 'guess' }])
    await assert.rejects(join({ password: 'secret' }, other), { code: 'command.id_reused' })
})

test('one whose secrets have gone failed while it was told of: it is begun anew', async () => {
  const { edge, dropped } = edgeWith({})
  assert.equal(await joinRegistration(edge, 'command', sent), undefined)
  assert.deepEqual(dropped, ['1'])
})
