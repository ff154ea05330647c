import { test } from 'node:test'
import {
  accountId,
  bySystem,
  channelHolder,
  channelId,
  claim,
  claimed,
  erased,
  givenAccount,
  givenHandle,
  opened,
} from '../identity.fixtures.ts'

test('a handle has 3 to 25 letters, digits and underscores', () => {
  for (const handle of ['abc', 'A_1', '___', 'a'.repeat(25)])
    givenHandle([])
      .when(claim({ handle }))
      .then([claimed({ handle })])
  for (const handle of ['', 'ab', 'a'.repeat(26), 'a b', 'äbc', 'abc\n', '\uff41bc', 'a-b'])
    givenHandle([]).when(claim({ handle })).thenRejected({ code: 'identity.handle_invalid' })
})

test('a name to be shown is of any script, up to 25 code points', () => {
  for (const displayName of ['A', '李小龙', 'שלום', '\u{1f600}'.repeat(25), 'Ada L', '\u{1f468}\u200d\u{1f469}'])
    givenHandle([])
      .when(claim({ displayName }))
      .then([claimed({ displayName })])
})

test('a name that could be taken for another, or turns the line around, is refused', () => {
  for (const displayName of [
    '',
    ' ',
    '\u200b',
    'a'.repeat(26),
    ' Ada',
    'Ada\u00a0',
    'e\u0301',
    'a\nb',
    'a\u0000',
    'a\ud800',
    'a\u202eb',
    '\u2066a',
    'x'.repeat(100_000),
  ])
    givenHandle([]).when(claim({ displayName })).thenRejected({ code: 'identity.display_name_invalid', max: 25 })
})

test('an e-mail address is plausible, or there is none', () => {
  for (const email of [null, 'a@b.c', 'a+b@mail.example.org', 'jörg@exämple.org', `${'a'.repeat(64)}@example.org`])
    givenHandle([])
      .when(claim({ email }))
      .then([claimed({ email })])
  for (const email of ['', 'a', 'a@b', '@b.c', 'a@', 'a@b.', 'a@.c', 'a@b..c', 'a b@c.d', 'a@b@c.d', 'a@b.c\n'])
    givenHandle([]).when(claim({ email })).thenRejected({ code: 'identity.email_invalid' })
  for (const email of [`${'a'.repeat(65)}@example.org`, `a@${'b.'.repeat(130)}org`])
    givenHandle([]).when(claim({ email })).thenRejected({ code: 'identity.email_invalid' })
})

test('an account holds its own handle; a channel is not its owner, and has no address', () => {
  const invalid = { code: 'identity.holder_invalid' } as const
  givenHandle([])
    .when(claim(channelHolder))
    .then([claimed(channelHolder)])
  for (const fields of [
    { holderId: channelId },
    { holderId: 'x', ownerId: 'x' },
    { ...channelHolder, holderId: accountId },
    { ...channelHolder, holderId: '0' },
    { ...channelHolder, email: 'a@b.c' },
    { ...channelHolder, platformRole: 'admin' as const },
  ])
    givenHandle([]).when(claim(fields), bySystem).thenRejected(invalid)
})

const confirm = (revision: number, email = 'ada@new.example') => ({ type: 'ConfirmEmail', email, revision }) as const
const confirmed = (revision: number, email = 'ada@new.example') =>
  ({ type: 'EmailConfirmed', accountId, email, revision }) as const

test('an address is confirmed by the mail that was sent last before', () => {
  givenAccount([opened])
    .when(confirm(0))
    .then([confirmed(1)])
  givenAccount([opened, confirmed(1)])
    .when(confirm(1, 'ada@newer.example'))
    .then([confirmed(2, 'ada@newer.example')])
  givenAccount([opened, confirmed(1)])
    .when(confirm(0, 'ada@slow.example'))
    .thenRejected({ code: 'identity.email_changed' })
  givenAccount([opened]).when(confirm(0, 'nowhere')).thenRejected({ code: 'identity.email_invalid' })
  givenAccount([opened]).when(confirm(0), { principal: '7' }).thenRejected({ code: 'identity.forbidden' })
  givenAccount([opened, erased]).when(confirm(0)).thenRejected({ code: 'identity.account_erased' })
})
