import { z } from 'zod'
import { refuseAfter } from '#libs/http/allowance.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Credential, OneTimeToken } from '#libs/vault/vault.ts'
import type { AccountView } from '../account-view.ts'
import { stepOfCode } from '../factors/totp.ts'
import { deviceOf } from './devices.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'
import { Challenge, FactorCode, type SecondFactorAsked } from './factor-schemas.ts'
import { returning } from './login.ts'
import { LoggedIn } from './schemas.ts'
import { openSession } from './session.ts'

const route = routesOf<IdentityEdge>()

const lifetimeMs = 5 * 60_000

/** Codes that may be tried with one password that was right. */
const maxAttempts = 5

/** Codes that may be tried for one account, in whatever logins: by chance one in 300,000 is right, so one in 200 days. */
const codeRate = { perMinute: 1, burst: 10 }

/** The next question where an account has codes by time; undefined where it has none. */
export const askSecondFactor = async (
  edge: IdentityEdge,
  { accountId }: AccountView,
  { mustChange, passwordId }: Credential,
): Promise<z.input<typeof SecondFactorAsked> | undefined> => {
  const totp = await edge.vault.factors.totp.find(accountId)
  if (!totp?.confirmed) return undefined
  const detail = { attempts: 0, mustChangePassword: mustChange ? 1 : 0, passwordId }
  const challenge = await edge.vault.oneTime.issue({ purpose: 'second factor', accountId, lifetimeMs, detail })
  return { challenge, factors: ['totp', 'recovery_code'], expiresInSeconds: lifetimeMs / 1000 }
}

/** By what a code is good, which uses it up; undefined where it is not. */
export const useCode = async (
  edge: IdentityEdge,
  accountId: string,
  code: string,
): Promise<'totp' | 'recovery_code' | undefined> => {
  const { totp, recoveryCodes } = edge.vault.factors
  if (!/^\d{6}$/.test(code)) {
    const left = await recoveryCodes.use(accountId, code)
    if (left === undefined) return undefined
    const sent = { key: accountId, principal: accountId, commandId: uuidv7() }
    edge.behind(async () => void (await sendToIdentity(edge, { type: 'UseRecoveryCode', left }, sent)))
    return 'recovery_code'
  }
  const secret = await totp.find(accountId)
  const step = secret?.confirmed ? stepOfCode(secret.secret, code, edge.now()) : undefined
  return step !== undefined && (await totp.use(accountId, step)) ? 'totp' : undefined
}

/** Whether one more code may be tried. @returns 0, or the milliseconds to wait */
export const takeCode = (edge: Pick<IdentityEdge, 'limiter'>, accountId: string): number =>
  edge.limiter.take(`code ${accountId}`, codeRate)

/** Somebody knows the password and not the code: the owner is to hear of it. */
const recordFailure = async (edge: IdentityEdge, { accountId }: OneTimeToken): Promise<void> => {
  const sent = { key: accountId, principal: accountId, commandId: uuidv7() }
  await sendToIdentity(edge, { type: 'RecordFailedFactor' }, sent)
}

/** Throws: the challenge is good for another try, or for none. */
const refuse = async (edge: IdentityEdge, token: OneTimeToken): Promise<never> => {
  const attempts = Number(token.detail.attempts) + 1
  if (attempts < maxAttempts) {
    await edge.vault.oneTime.putBack({ ...token, detail: { ...token.detail, attempts } })
    throw new HttpProblem('identity.code_wrong', { detail: { attemptsLeft: maxAttempts - attempts } })
  }
  edge.behind(() => recordFailure(edge, token))
  throw new HttpProblem('identity.challenge_ended')
}

const giveSecondFactor = route({
  method: 'POST',
  path: '/v1/sessions/second-factor',
  id: 'giveSecondFactor',
  tag: 'sessions',
  summary: 'The second step of a login by password, where the account asks for a code',
  auth: 'none',
  access: 'public',
  rate: 'credentials',
  cookie: true,
  body: z.strictObject({ challenge: Challenge, code: FactorCode }),
  responses: {
    201: { description: 'Logged in', body: LoggedIn, headers: { 'Set-Cookie': 'The session, and the device' } },
  },
  errors: ['identity.code_wrong', 'identity.challenge_ended', 'identity.account_suspended'],
  handler: async (request, edge) => {
    const { challenge, code } = request.body
    // Whoever tries two at once has one of them refused, and so no try for free.
    const token = await edge.vault.oneTime.take('second factor', challenge)
    if (!token) throw new HttpProblem('identity.challenge_ended')
    const { accountId } = token
    const waitMs = takeCode(edge, accountId)
    if (waitMs > 0) {
      await edge.vault.oneTime.putBack(token)
      refuseAfter(waitMs)
    }
    const account = await edge.reads.account(accountId)
    if (!account || account.state === 'erased') throw new HttpProblem('identity.challenge_ended')
    const passwordId = String(token.detail.passwordId)
    const current = await edge.vault.credentials.get(accountId)
    if (current?.passwordId !== passwordId) throw new HttpProblem('identity.challenge_ended')
    const method = await useCode(edge, accountId, code)
    if (method === undefined) return refuse(edge, token)
    const opened = await openSession(edge, {
      account: await returning(edge, account),
      method,
      mustChangePassword: token.detail.mustChangePassword === 1,
      passwordId,
      secondFactor: true,
      device: deviceOf(edge, request),
      traceparent: request.traceparent,
      cookie: request.header('cookie'),
    })
    return { status: 201, ...opened }
  },
})

export const secondFactorRoutes = [giveSecondFactor]
