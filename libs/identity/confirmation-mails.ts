import { randomUUID } from 'node:crypto'
import type { Mail } from '#libs/mail/mailer.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { AccountView } from './account-view.ts'
import { confirmEmailMail, leaveEmailMail, linkMinutes } from './mails.ts'

type Asking = { readonly publicUrl: string; readonly oneTime: Pick<Vault['oneTime'], 'issue' | 'drop'> }

const lifetimeMs = linkMinutes * 60_000

/**
 * Mails that ask an address whether it is the account's; where it has a confirmed one already, that one as well. What was
 * asked for before is overtaken: of two links the later one counts. With a `passwordId` they are good for as long as the
 * account has that password, by which it was asked for.
 */
export const confirmationMails = async (
  { publicUrl, oneTime }: Asking,
  account: AccountView,
  email: string,
  passwordId?: string,
): Promise<readonly Mail[]> => {
  const { accountId, emailRevision: revision } = account
  const handle = account.handle ?? accountId
  const token = { purpose: 'confirm email', accountId, lifetimeMs, group: randomUUID() } as const
  const detail = { email, revision, ...(passwordId !== undefined && { passwordId }) }
  await oneTime.drop(accountId, 'confirm email')
  const secret = await oneTime.issue({ ...token, detail })
  const confirm = confirmEmailMail({ publicUrl, secret, to: email, handle, accountId })
  if (!account.emailVerified || account.email === null || account.email === email) return [confirm]
  const leaving = await oneTime.issue({ ...token, detail })
  return [leaveEmailMail({ publicUrl, secret: leaving, to: account.email, handle, accountId }), confirm]
}
