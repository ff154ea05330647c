import { test } from 'node:test'
import { givenAccount, opened } from '../identity.fixtures.ts'
import { maxSessionsAtOnce } from './sessions.ts'

const tooMany = Array.from({ length: maxSessionsAtOnce + 1 }, (_, index) => `session-${index}`)

test('a changed password ends the sessions that it names', () => {
  givenAccount([opened])
    .when({ type: 'RecordPasswordChange', sessionIds: ['one', 'two'] })
    .then([{ type: 'PasswordChanged' }, { type: 'SessionsRevoked', sessionIds: ['one', 'two'] }])
  givenAccount([opened])
    .when({ type: 'RecordPasswordChange', sessionIds: [] })
    .then([{ type: 'PasswordChanged' }])
})

test('sessions are ended by their names; where none is open nothing is left to do', () => {
  givenAccount([opened])
    .when({ type: 'RevokeSessions', sessionIds: ['one'] })
    .then([{ type: 'SessionsRevoked', sessionIds: ['one'] }])
  givenAccount([opened]).when({ type: 'RevokeSessions', sessionIds: [] }).then([])
})

test('the sessions of one command are bounded', () => {
  for (const type of ['RevokeSessions', 'RecordPasswordChange'] as const)
    givenAccount([opened])
      .when({ type, sessionIds: tooMany })
      .thenRejected({ code: 'identity.too_many_sessions', max: maxSessionsAtOnce })
  givenAccount([opened])
    .when({ type: 'RevokeSessions', sessionIds: tooMany.slice(1) })
    .then([{ type: 'SessionsRevoked', sessionIds: tooMany.slice(1) }])
})
