import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { Passkey } from '#libs/vault/passkeys.ts'
import { type Deviation, softwareAuthenticator } from './authenticator.fixtures.ts'
import {
  challengeIn,
  creationOptions,
  type NewPasskey,
  relyingPartyOf,
  requestOptions,
  verifyCreation,
  verifyUse,
} from './relying-party.ts'

const origin = 'https://live.example'
const relyingParty = relyingPartyOf(`${origin}/`)
const newChallenge = () => randomBytes(32).toString('base64url')
const user = { userHandle: randomBytes(32), handle: 'ada', displayName: 'Ada' }
const account = { accountId: '1000', factorId: 'f', name: 'phone' }

const made = async (authenticator = softwareAuthenticator(origin)) => {
  const challenge = newChallenge()
  const asked = await creationOptions(relyingParty, user, challenge, [])
  const passkey = await verifyCreation(relyingParty, authenticator.create({ ...asked }) as never, challenge)
  return { authenticator, passkey: passkey ?? assert.fail('it is good') }
}

const passkeyOf = (fresh: NewPasskey): Passkey => ({ ...fresh, ...account })

test('a passkey is made by what was asked for, and found again by its challenge', async () => {
  const challenge = newChallenge()
  const known = { credentialId: randomBytes(16), transports: ['usb'] }
  const asked = await creationOptions(relyingParty, user, challenge, [known])
  assert.equal(asked.challenge, challenge)
  assert.deepEqual([asked.rp.id, asked.attestation], ['live.example', 'none'])
  assert.equal(asked.authenticatorSelection?.residentKey, 'required')
  assert.equal(asked.authenticatorSelection?.userVerification, 'required')
  assert.deepEqual(
    asked.excludeCredentials?.map(({ id }) => id),
    [known.credentialId.toString('base64url')],
  )
  const { authenticator, passkey } = await made()
  assert.deepEqual(
    [passkey.credentialId.toString('base64url'), passkey.counter, passkey.transports],
    [authenticator.id, 1, ['internal']],
  )
  assert.equal(challengeIn(authenticator.get({ challenge }).response.clientDataJSON), challenge)
  for (const text of ['', 'x', 'bnVsbA', Buffer.from('{"challenge":5}').toString('base64url'), 'e30'])
    assert.equal(challengeIn(text), undefined)
})

test('nothing else makes one', async () => {
  const deviations: readonly Deviation[] = [
    { origin: 'https://evil.example' },
    { relyingParty: 'evil.example' },
    { type: 'webauthn.get' },
    { challenge: newChallenge() },
    { userVerified: false },
    { userPresent: false },
  ]
  for (const deviation of deviations) {
    const challenge = newChallenge()
    const answer = softwareAuthenticator(origin).create({ challenge }, deviation)
    assert.equal(await verifyCreation(relyingParty, answer as never, challenge), undefined, JSON.stringify(deviation))
  }
  const challenge = newChallenge()
  const answer = softwareAuthenticator(origin).create({ challenge })
  const broken = { ...answer, response: { ...answer.response, attestationObject: 'AAAA' } }
  assert.equal(await verifyCreation(relyingParty, broken as never, challenge), undefined)
})

test('who has the passkey is let in, with a signature over this challenge, here and by nobody else’s key', async () => {
  const { authenticator, passkey } = await made()
  const challenge = newChallenge()
  const asked = await requestOptions(relyingParty, challenge)
  assert.deepEqual([asked.challenge, asked.rpId, asked.userVerification], [challenge, 'live.example', 'required'])
  const use = (deviation: Deviation = {}) =>
    verifyUse(relyingParty, authenticator.get({ ...asked }, deviation) as never, challenge, passkeyOf(passkey))
  assert.equal(await use(), 2)
  const deviations: readonly Deviation[] = [
    { origin: 'https://evil.example' },
    { relyingParty: 'evil.example' },
    { type: 'webauthn.create' },
    { challenge: newChallenge() },
    { userVerified: false },
    { userPresent: false },
    { counter: 1 },
    { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
  ]
  for (const deviation of deviations) assert.equal(await use(deviation), undefined, Object.keys(deviation).join())
})

test('a passkey that does not count is let in all the same', async () => {
  const { authenticator, passkey } = await made(softwareAuthenticator(origin, { counts: false }))
  const challenge = newChallenge()
  const answer = authenticator.get({ challenge })
  assert.equal(await verifyUse(relyingParty, answer as never, challenge, passkeyOf(passkey)), 0)
})
