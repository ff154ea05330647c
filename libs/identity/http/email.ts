import { z } from 'zod'
import { refuseAfter } from '#libs/http/allowance.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { OneTimeToken } from '#libs/vault/vault.ts'
import type { AccountView } from '../account-view.ts'
import { confirmationMails } from '../confirmation-mails.ts'
import { byLink } from './by-link.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'
import { checkOwnPassword, openAccount } from './login.ts'
import { Email, OneTimeSecret, OwnPassword } from './schemas.ts'

const route = routesOf<IdentityEdge>()
const tag = 'accounts'

/** Mails that one account may cause, so that nobody's box is filled by somebody else. */
export const mailRate = { perMinute: 1 / 10, burst: 5 }

/** Whether one more mail may go on account of this one. @returns 0, or the milliseconds to wait */
export const takeMail = (edge: Pick<IdentityEdge, 'limiter'>, accountId: string): number =>
  edge.limiter.take(`mail ${accountId}`, mailRate)

const ask = async (edge: IdentityEdge, account: AccountView, email: string, passwordId?: string): Promise<void> => {
  const { publicUrl, post, vault } = edge
  const mails = await confirmationMails({ publicUrl, oneTime: vault.oneTime }, account, email, passwordId)
  for (const mail of mails) post.put(mail)
}

const sendConfirmation = route({
  method: 'POST',
  path: '/v1/accounts/me/email/confirmation',
  id: 'sendEmailConfirmation',
  tag,
  summary: 'Sends the mail again that confirms one’s address',
  auth: 'account',
  access: 'signed in',
  rate: 'write',
  reads: ['accounts'],
  responses: { 202: { description: 'On its way, where there is an address that is not confirmed' } },
  errors: ['identity.account_unknown', 'identity.account_erased'],
  handler: async ({ caller }, edge) => {
    const account = await openAccount(edge, caller.accountId)
    if (account.email === null || account.emailVerified) return { status: 202 }
    refuseAfter(takeMail(edge, account.accountId))
    await ask(edge, account, account.email)
    return { status: 202 }
  },
})

const withoutPassword = ''

/** Who asked for another address by a password that is another by now may have been somebody else. Throws `identity.link_invalid`. */
const checkAskedFor = async (
  { vault }: Pick<IdentityEdge, 'vault'>,
  accountId: string,
  { passwordId }: OneTimeToken['detail'],
): Promise<void> => {
  if (passwordId === undefined) return
  const current = await vault.credentials.get(accountId)
  if ((current?.passwordId ?? withoutPassword) !== passwordId) throw new HttpProblem('identity.link_invalid')
}

const changeEmail = route({
  method: 'PUT',
  path: '/v1/accounts/me/email',
  id: 'changeEmail',
  tag,
  summary: 'Asks for another address: it counts once it is confirmed, by a mail to each of the two',
  description: 'An address that was never confirmed is not asked: it may have been a slip.',
  auth: 'account',
  access: 'signed in',
  fresh: true,
  rate: 'credentials',
  reads: ['accounts'],
  body: z.strictObject({ email: Email, password: OwnPassword }),
  responses: { 202: { description: 'The mails are on their way' } },
  errors: [
    'identity.wrong_password',
    'identity.account_unknown',
    'identity.account_erased',
    'identity.email_invalid',
    'auth.busy',
  ],
  handler: async ({ caller: { accountId }, body: { email, password } }, edge) => {
    const account = await openAccount(edge, accountId)
    const credential = await checkOwnPassword(edge, accountId, password)
    refuseAfter(takeMail(edge, accountId))
    await ask(edge, account, email, credential?.passwordId ?? withoutPassword)
    return { status: 202 }
  },
})

const confirmEmail = route({
  method: 'POST',
  path: '/v1/email-confirmations',
  id: 'confirmEmail',
  tag,
  summary: 'Confirms an address, by the secret of the link in the mail',
  auth: 'none',
  access: 'public',
  rate: 'credentials',
  command: true,
  body: z.strictObject({ secret: OneTimeSecret }),
  responses: {
    200: {
      description: 'Confirmed here',
      body: z.strictObject({
        state: z.enum(['confirmed', 'other_address']).meta({
          description: '`other_address`: the mail to the other address is to be confirmed as well',
        }),
      }),
      headers: { Position: 'For min-position, once it is the account’s' },
    },
    ...pendingResponse,
  },
  errors: [
    'identity.link_invalid',
    'identity.email_changed',
    'identity.email_invalid',
    'identity.account_unknown',
    'identity.account_erased',
  ],
  handler: async ({ body: { secret }, commandId, traceparent }, edge) => {
    if (edge.diskFull()) throw new HttpProblem('platform.disk_full')
    const link = { purpose: 'confirm email', secret, commandId } as const
    const asked = async ({ accountId, detail, left }: OneTimeToken & { readonly left: number }) => {
      await checkAskedFor(edge, accountId, detail)
      return { accountId, email: String(detail.email), revision: Number(detail.revision), isLast: left === 0 }
    }
    // Where it was not decided the link may be used again; where it was, its revision says so.
    return byLink(edge, link, asked, async ({ accountId, email, revision, isLast }) => {
      if (!isLast) return { status: 200 as const, body: { state: 'other_address' as const } }
      const sent = { key: accountId, principal: accountId, commandId, traceparent }
      const submitted = await sendToIdentity(edge, { type: 'ConfirmEmail', email, revision }, sent)
      if (submitted.kind === 'pending') return pendingReply(commandId)
      await edge.settle([submitted.position])
      const headers = { Position: submitted.position }
      return { status: 200 as const, headers, body: { state: 'confirmed' as const } }
    })
  },
})

export const emailRoutes = [sendConfirmation, changeEmail, confirmEmail]
