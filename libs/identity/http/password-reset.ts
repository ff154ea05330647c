import { z } from 'zod'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { OneTimeToken } from '#libs/vault/vault.ts'
import type { AccountView } from '../account-view.ts'
import { linkMinutes, resetPasswordMail } from '../mails.ts'
import { byLink } from './by-link.ts'
import { handleKey, type IdentityEdge } from './edge.ts'
import { takeMail } from './email.ts'
import { openAccount } from './login.ts'
import { checkNotReplaced, passwordPrint, putPassword } from './replace-password.ts'
import { Email, Handle, NewPassword, OneTimeSecret } from './schemas.ts'

const route = routesOf<IdentityEdge>()
const tag = 'sessions'

const lifetimeMs = linkMinutes * 60_000

type Asked = { readonly handle?: string | undefined; readonly email?: string | undefined }

const accountsOf = async (edge: IdentityEdge, { handle, email }: Asked): Promise<readonly AccountView[]> => {
  if (email !== undefined) return edge.reads.withEmail(email)
  const holder = await edge.reads.holder(handleKey(edge.vault, handle ?? ''))
  const account = holder?.kind === 'account' ? await edge.reads.account(holder.id) : undefined
  return account ? [account] : []
}

const sendLink = async (edge: IdentityEdge, { accountId, handle, email }: AccountView): Promise<void> => {
  if (email === null || takeMail(edge, accountId) > 0) return
  const secret = await edge.vault.oneTime.issue({ purpose: 'reset password', accountId, lifetimeMs })
  const { publicUrl } = edge
  edge.post.put(resetPasswordMail({ publicUrl, secret, to: email, handle: handle ?? accountId, accountId }))
}

/** An id that no account has. */
const nobody = '0'

const requestReset = route({
  method: 'POST',
  path: '/v1/password-resets',
  id: 'requestPasswordReset',
  tag,
  summary: 'Sends a link for a new password to the address of an account',
  description: 'The answer, and the time that it takes, are the same whether there is such an account or not.',
  auth: 'none',
  access: 'public',
  rate: 'credentials',
  body: z
    .strictObject({ handle: Handle.optional(), email: Email.optional() })
    .refine(({ handle, email }) => (handle === undefined) !== (email === undefined), {
      message: 'has either a handle or an address',
    }),
  responses: { 202: { description: 'A mail is on its way, if there is such an account and it has an address' } },
  errors: [],
  handler: async ({ body }, edge) => {
    // No mail is promised that cannot be sent; what is asked for this is the same whoever is looked for.
    await edge.reads.account(nobody)
    edge.behind(async () => {
      const accounts = await accountsOf(edge, body)
      for (const account of accounts) if (account.state === 'open') await sendLink(edge, account)
    })
    return { status: 202 }
  },
})

const resetPassword = route({
  method: 'PUT',
  path: '/v1/password-resets',
  id: 'resetPassword',
  tag,
  summary: 'Puts a new password in the place of a lost one, by the secret of the link in the mail; ends every session',
  auth: 'none',
  access: 'public',
  rate: 'credentials',
  command: true,
  body: z.strictObject({ secret: OneTimeSecret, newPassword: NewPassword }),
  responses: { 204: { description: 'Changed: log in' } },
  errors: [
    'identity.link_invalid',
    'identity.password_weak',
    'identity.account_unknown',
    'identity.account_erased',
    'auth.busy',
  ],
  handler: async ({ body: { secret, newPassword }, commandId, traceparent }, edge) => {
    if (edge.diskFull()) throw new HttpProblem('platform.disk_full')
    const { credentials, sessions, oneTime } = edge.vault
    const link = { purpose: 'reset password', secret, commandId } as const
    const whose = async ({ accountId }: OneTimeToken) => ({
      accountId,
      sessionIds: await sessions.idsOf(accountId),
      print: passwordPrint(edge, await credentials.get(accountId)),
    })
    return byLink(edge, link, whose, async ({ accountId, sessionIds, print }, isAgain) => {
      const account = await openAccount(edge, accountId)
      const before = await credentials.get(accountId)
      if (isAgain) await checkNotReplaced(edge, print, before, newPassword)
      await putPassword(edge, { account, before, newPassword, sessionIds, commandId, traceparent })
      await oneTime.drop(accountId, 'reset password')
      return { status: 204 as const }
    })
  },
})

export const passwordResetRoutes = [requestReset, resetPassword]
