import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { openPostgres } from '#libs/postgres/open.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { masterKeyOf } from '#libs/vault/master-key.ts'
import { openVault } from '#libs/vault/open.ts'
import { createSigning } from '#libs/vault/signing.ts'
import { openWrapping } from '#libs/vault/wrapping-keys.ts'
import { accessTokenMs, signAccessToken } from './tokens.ts'
import { createVerification } from './verification.ts'

const claims = {
  accountId: '7',
  sessionId: 's',
  handle: 'ada',
  displayName: 'Ada',
  platformRole: 'user',
  mustChangePassword: false,
} as const

/** Of each edge, against the true time. */
const skews = [0, 60_000, -60_000]

const STEP_MS = 20_000
const STEPS = 150

test('keys rotated under load: no valid token is refused, at no edge, whatever their clocks', async (t) => {
  const databaseUrl = await testDatabase(t)
  const masterKey = randomBytes(32).toString('base64')
  await (await openVault({ databaseUrl, masterKey })).close()
  const sql = openPostgres(databaseUrl, { max: 4 })
  t.after(() => sql.end())
  const wrapping = await openWrapping(sql, masterKeyOf(masterKey))
  let time = Date.UTC(2026, 0, 1)

  const edges = skews.map((skew, index) => {
    const now = () => time + skew
    const signing = createSigning(sql, wrapping, { algorithm: index === 0 ? 'EdDSA' : 'ES256', now })
    const verification = createVerification({
      jwks: signing.jwks,
      isOpen: async () => true,
      revocations: { refusal: () => undefined, roleOf: () => undefined },
      programs: { find: async () => undefined, account: async () => undefined },
      followedMs: () => 1,
      now,
    })
    return { now, signing, verification }
  })

  const living: { readonly token: string; readonly expiresAt: number }[] = []
  const signers = new Set<string>()
  for (let step = 0; step < STEPS; step++) {
    time += STEP_MS
    // Everybody may rotate, twice within a moment too.
    if (step % 40 === 25 || step === 26) await edges[step % edges.length]?.signing.rotate()
    for (const { now, signing } of edges) {
      const key = await signing.current()
      signers.add(key.kid)
      const token = await signAccessToken({ ...claims, sessionId: `s${step}` }, key, now())
      living.push({ token, expiresAt: now() + accessTokenMs - 1_000 })
    }
    for (const { now, verification } of edges)
      for (const { token, expiresAt } of living)
        if (now() < expiresAt) assert.ok(verification.known(token) ?? (await verification.verify(token)))
    const oldest = living.findIndex(({ expiresAt }) => expiresAt > time - 60_000)
    living.splice(0, Math.max(0, oldest))
  }
  assert.ok(signers.size >= 4, `so many keys have signed: ${signers.size}`)

  time += 25 * 3_600_000
  await edges[0]?.signing.rotate()
  assert.equal((await sql`select 1 from vault.signing_keys`).length, 2, 'keys that verify nothing any more are gone')
})
