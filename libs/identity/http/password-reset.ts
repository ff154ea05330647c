import { z } from 'zod'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { Credential, OneTimeToken } from '#libs/vault/vault.ts'
import type { AccountView } from '../account-view.ts'
import { linkMinutes, resetPasswordMail } from '../mails.ts'
import { byLink } from './by-link.ts'
import { handleKey, type IdentityEdge } from './edge.ts'
import { takeMail } from './email.ts'
import { openAccount } from './login.ts'
import { checkPlaced, type Placed, placePassword, putBackPassword, recordPasswordChange } from './replace-password.ts'
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

type Detail = OneTimeToken['detail']

/** A link is good for the password that was lost, and goes to an address that the account has still. */
const detailOf = ({ emailRevision }: AccountView, credential: Credential | undefined): Detail => ({
  password: credential?.passwordId ?? '',
  emailRevision,
})

const standsOn = (detail: Detail, account: AccountView, credential: Credential | undefined): boolean => {
  const now = detailOf(account, credential)
  return detail.password === now.password && detail.emailRevision === now.emailRevision
}

const sendLink = async (edge: IdentityEdge, account: AccountView): Promise<void> => {
  const { accountId, handle, email } = account
  if (email === null || takeMail(edge, accountId) > 0) return
  const detail = detailOf(account, await edge.vault.credentials.get(accountId))
  const secret = await edge.vault.oneTime.issue({ purpose: 'reset password', accountId, lifetimeMs, detail })
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
    const { credentials } = edge.vault
    const link = { purpose: 'reset password', secret, commandId } as const
    let changed: { readonly accountId: string; readonly before: Credential | undefined } | undefined
    const place = async ({ accountId, detail }: OneTimeToken) => {
      const account = await openAccount(edge, accountId)
      const before = await credentials.get(accountId)
      if (!standsOn(detail, account, before)) throw new HttpProblem('identity.link_invalid')
      const placed = await placePassword(edge, account, before, newPassword)
      if (!placed) throw new HttpProblem('identity.link_invalid')
      changed = { accountId, before }
      return { accountId, ...placed }
    }
    const record = async ({ accountId, ...placed }: Placed & { readonly accountId: string }, isAgain: boolean) => {
      if (isAgain) await checkPlaced(edge, await openAccount(edge, accountId), placed, newPassword)
      await recordPasswordChange(edge, { accountId, sessionIds: placed.sessionIds, commandId, traceparent })
      return { status: 204 as const }
    }
    const undo = async () => {
      if (changed) await putBackPassword(edge, changed.accountId, changed.before)
    }
    return byLink(edge, link, place, record, undo)
  },
})

export const passwordResetRoutes = [requestReset, resetPassword]
