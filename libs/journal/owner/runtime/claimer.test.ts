import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Cells, noCells } from '../../cells.ts'
import type { CommandRange } from '../../envelope.ts'
import type { Bounds } from '../../log.ts'
import { beginning } from '../follow.ts'
import { newOwner, type OwnerState } from '../state.ts'
import { openClaimer } from './claimer.ts'
import type { Hindrance } from './hindrances.ts'
import type { Host } from './host.ts'
import type { FamilyLinks } from './options.ts'

type State = OwnerState<Cells<unknown>>

/** A claimer over a log whose answers the test gives, for an owner that has read as far as the test says. */
const claiming = () => {
  let state: State = { ...newOwner('owner', noCells()), assigned: true, read: beginning(noCells()) }
  const asked: PromiseWithResolvers<{ readonly commands: Bounds; readonly journal: Bounds }>[] = []
  const given: { readonly type: string; readonly agedOut?: CommandRange }[] = []
  const alarms: Hindrance[] = []
  const host: Host<unknown, never> = {
    state: () => state,
    give: (input) => given.push(input),
    forget: assert.fail,
  }
  const links: Pick<FamilyLinks, 'bounds' | 'commandsSince'> = {
    commandsSince: async () => 3,
    bounds: () => {
      const answer = Promise.withResolvers<Awaited<ReturnType<FamilyLinks['bounds']>>>()
      asked.push(answer)
      return answer.promise
    },
  }
  const hindrances = { set: (code: Hindrance) => alarms.push(code), clear: () => {}, current: () => undefined }
  const claimer = openClaimer(host, links, 0, hindrances, { pauseMs: 0 })
  return {
    given,
    alarms,
    asked: () => asked.length,
    look: claimer.look,
    read: (next: number, resume: number) => {
      state = { ...state, read: { ...state.read, next, resume } }
      claimer.look()
    },
    answer: async (journalEnd: number, commandsEnd: number) => {
      const last = asked.at(-1) ?? assert.fail('nothing was asked')
      last.resolve({ commands: { start: 0, end: commandsEnd }, journal: { start: 0, end: journalEnd } })
      await new Promise(setImmediate)
    },
  }
}

test('on a journal that another keeps writing to, reading up to where it ended a moment ago is enough', async () => {
  const { look, read, answer, given, asked } = claiming()
  look()
  await answer(10, 5)
  assert.deepEqual(given, [])
  for (let next = 1; next <= 10; next++) read(next, 0)
  assert.deepEqual(given, [{ type: 'claim', commandsEnd: 5 }])
  assert.equal(asked(), 1)
})

test('commands that somebody else has decided since the log was asked are none that it has lost', async () => {
  const { look, read, answer, given, alarms } = claiming()
  look()
  // While the answer is on its way, outcomes of two newer commands are read.
  read(12, 7)
  await answer(10, 5)
  assert.deepEqual([given, alarms], [[{ type: 'claim', commandsEnd: 5 }], []])
})

test('where commands are lost that were decided, the claim goes back to what may have come since', async () => {
  const { look, read, answer, given, alarms } = claiming()
  read(10, 7)
  look()
  await answer(10, 5)
  assert.deepEqual(alarms, ['journal.commands_truncated'])
  assert.deepEqual(given, [{ type: 'claim', commandsEnd: 5, agedOut: { from: 7, to: 3 } }])
})
