import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { base32, otpauthUri, stepAt, stepOfCode, totpCode } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

test('codes are those of RFC 6238, appendix B, as far as six digits go', () => {
  for (const [seconds, code] of [
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ] as const)
    assert.equal(totpCode(secret, stepAt(seconds * 1000)), code.slice(2))
})

test('codes are those of RFC 4226, appendix D', () => {
  const codes = Array.from({ length: 10 }, (_, step) => totpCode(secret, step))
  assert.equal(codes.join(' '), '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489')
})

test('a code counts one step to either side, and no further', () => {
  const at = 1_700_000_000_000
  const now = stepAt(at)
  for (const step of [now - 1, now, now + 1]) assert.equal(stepOfCode(secret, totpCode(secret, step), at), step)
  for (const step of [now - 2, now + 2]) assert.equal(stepOfCode(secret, totpCode(secret, step), at), undefined)
  for (const code of ['', '12345', '1234567', 'abcdef', `${totpCode(secret, now)} `])
    assert.equal(stepOfCode(secret, code, at), undefined)
})

test('secrets are written as RFC 4648 says', () => {
  for (const [text, written] of [
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ] as const)
    assert.equal(base32(Buffer.from(text)), written)
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => /^[A-Z2-7]*$/.test(base32(Buffer.from(bytes)))))
})

test('what an app reads names the platform and the account', () => {
  const uri = new URL(otpauthUri('live.example', 'ada l', secret))
  assert.equal(uri.pathname, '/live.example:ada%20l')
  assert.equal(uri.search, `?secret=${base32(secret)}&issuer=live.example`)
})
