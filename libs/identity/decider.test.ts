import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { codecs } from '#libs/contracts/codecs.ts'
import { purely } from '#libs/testing/purely.ts'
import { stubSeal, t0 } from '#libs/testing/specification.ts'
import type { IdentityCommand } from './commands.ts'
import { identityDecider } from './decider.ts'
import { identityErrors } from './errors.ts'
import type { IdentityEvent } from './events.ts'
import { accountId, channelHolder, claim, handleKey, openAccount, otherAccountId } from './identity.fixtures.ts'

const { decide, evolve, initial, encodeState, decodeState, subjects } = identityDecider

const command = fc.constantFrom<IdentityCommand>(
  claim(),
  claim(channelHolder),
  claim({ handle: 'x' }),
  { type: 'ReleaseHandle', holderId: accountId },
  openAccount,
  { type: 'RecordPasswordChange', sessionIds: ['one'] },
  { type: 'RevokeSessions', sessionIds: ['two'] },
  { type: 'ReserveName', holderId: accountId, handleKey },
  { type: 'EndNameReservation', holderId: accountId },
  { type: 'KeepName', holderId: accountId, uses: 2 },
  { type: 'ReleaseName', holderId: accountId },
  { type: 'TakeHandle', holderId: accountId, handle: 'Ada_2', previousKey: null, nameKey: 'name' },
  { type: 'RetireHandle', holderId: accountId },
  { type: 'ChangeHandle', handle: 'Ada_2', handleKey: 'key', previousKey: null },
  { type: 'AcceptTerms', version: '1' },
  { type: 'ChangeProfile', displayName: 'Zoe', displayNameKey: 'z', bio: 'hi', colour: '', avatar: null },
  { type: 'BlockAccount', blocked: otherAccountId },
  { type: 'UnblockAccount', blocked: otherAccountId },
  { type: 'DeactivateAccount', sessionIds: ['three'] },
  { type: 'ReactivateAccount' },
  { type: 'ScheduleErasure', delayMs: 1000 },
  { type: 'CancelErasure' },
  { type: 'ConfirmEmail', email: 'ada@new.example', revision: 0 },
  { type: 'ConfirmEmail', email: 'ada@newer.example', revision: 1 },
  { type: 'AddFactor', factor: 'totp', factorId: 'codes' },
  { type: 'AddFactor', factor: 'passkey', factorId: 'key' },
  { type: 'RemoveFactor', factor: 'passkey', factorId: 'key' },
  { type: 'RemovePassword' },
  { type: 'ScheduleFactorReset', delayMs: 1000, reason: 'lost' },
  { type: 'CancelFactorReset', reason: null },
  { type: 'ForceLogOut', sessionIds: ['four'], reason: 'lost' },
  { type: 'AssignPlatformRole', role: 'support', reason: 'helps' },
  { type: 'EraseAccount' },
)
const principal = fc.constantFrom(accountId, otherAccountId, 'system', 'manager/handles')
const steps = fc.array(fc.tuple(command, principal), { maxLength: 20 })

const live = (key: string, steps: readonly (readonly [IdentityCommand, string])[]) =>
  steps.reduce<{ readonly state: ReturnType<typeof initial>; readonly events: readonly IdentityEvent[] }>(
    ({ state, events }, [command, principal], index) => {
      const context = { at: t0, n: index + 1, commandId: `command-${index}`, principal, facts: {} }
      const decision = decide(command, state, { ...context, fingerprint: (text) => text })
      if (decision.kind === 'rejected') {
        assert.ok(decision.code in identityErrors, decision.code)
        return { state, events }
      }
      const made = decision.events.map((draft, place) => {
        for (const subject of codecs.account.subjectsOf(draft))
          assert.ok(subjects(command, principal, key, {}).includes(subject), `${command.type} seals`)
        const sealed = codecs.account.sealEvent(draft, `${context.commandId}/${place}`, stubSeal)
        return codecs.account.decodeEvent(codecs.account.encodeEvent(sealed))
      })
      return {
        state: made.reduce((state, event) => evolve(state, event, context), state),
        events: [...events, ...made],
      }
    },
    { state: initial(key), events: [] },
  )

test('who replays the journal has the state of who decided, and so does its JSON', () => {
  fc.assert(
    fc.property(fc.constantFrom(accountId, handleKey), steps, (key, steps) => {
      const { state, events } = purely(() => live(key, steps))
      const context = { at: t0, n: 1, commandId: 'replay' }
      assert.deepEqual(
        events.reduce((state, event) => evolve(state, event, context), initial(key)),
        state,
      )
      assert.deepEqual(decodeState(JSON.parse(JSON.stringify(encodeState(state)))), state)
    }),
  )
})

test('the holder of a handle changes only by a release', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      let holder: string | undefined
      for (const event of live(handleKey, steps).events) {
        if (event.type === 'HandleReleased') holder = undefined
        if (event.type !== 'HandleClaimed' && event.type !== 'HandleTaken') continue
        assert.ok(holder === undefined || (holder === event.holderId && event.type === 'HandleTaken'))
        holder = event.holderId
      }
    }),
  )
})

test('an erased account stays erased', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const { events } = live(accountId, [[openAccount, 'system'], [{ type: 'EraseAccount' }, accountId], ...steps])
      assert.deepEqual(
        events.map(({ type }) => type),
        ['AccountOpened', 'AccountErased'],
        'nothing follows',
      )
    }),
  )
})

test('a due time that nothing has is refused', () => {
  assert.equal(identityDecider.due(initial(accountId)), undefined)
  assert.throws(() => identityDecider.dueCommand('any', t0), RangeError)
})
