import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HttpProblem } from '#libs/http/problem.ts'
import { passwordResetRoutes } from './password-reset.ts'

/** What is answered to who asks for a link, and how much is done behind the answer. */
const ask = async ({ away }: { readonly away: boolean }) => {
  let behind = 0
  const edge = {
    reads: {
      account: async () => {
        if (away) throw new HttpProblem('platform.unavailable')
      },
    },
    behind: () => {
      behind += 1
    },
  }
  const route = passwordResetRoutes.find(({ id }) => id === 'requestPasswordReset')
  const reply = route?.handler({ body: { handle: 'ada' } } as never, edge as never)
  return { reply: await reply, behind }
}

test('a link is looked for behind the answer, which tells nothing', async () => {
  assert.deepEqual(await ask({ away: false }), { reply: { status: 202 }, behind: 1 })
})

test('postgres-away: no mail is promised', async () => {
  await assert.rejects(ask({ away: true }), { code: 'platform.unavailable' })
})
