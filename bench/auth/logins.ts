import type { Person } from '../people.ts'
import { call } from '../people.ts'

/** Logins under way at once: enough that both cores always have a password to check. */
const LANES = 16

export type Logins = { readonly perSecond: number; readonly failed: number }

/** Logs these people in, over and over, for so long. Each comes from an address of their own. */
export const runLogins = async (port: number, people: readonly Person[], seconds: number): Promise<Logins> => {
  const began = performance.now()
  const until = began + seconds * 1000
  let turn = 0
  let done = 0
  let failed = 0
  let last = began
  const lane = async () => {
    while (performance.now() < until) {
      const person = people[turn++ % people.length]
      if (!person) throw new Error('nobody to log in')
      const { handle, password, address } = person
      const answer = await call(port, { method: 'POST', path: '/v1/sessions', address, body: { handle, password } })
      if (answer.status === 201) done++
      else failed++
      last = performance.now()
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return { perSecond: done / ((last - began) / 1000), failed }
}
