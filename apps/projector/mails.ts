import { codecs } from '#libs/contracts/codecs.ts'
import type { AccountView } from '#libs/identity/account-view.ts'
import { factorResetCancelledMail, factorsResetMail } from '#libs/identity/mails.ts'
import type { Post } from '#libs/mail/post.ts'
import { effectManager, type Manager } from '#libs/readmodel/manager.ts'

type MailsOptions = {
  readonly post: Pick<Post, 'put' | 'forget'>
  readonly account: (accountId: string) => Promise<Pick<AccountView, 'email' | 'handle'> | undefined>
  readonly publicUrl: string
  readonly now?: () => number
}

/** Older news is none: a manager that reads the journal anew tells nobody of years ago. */
const NEWS_MS = 24 * 3_600_000

/**
 * Tells owners how a reset of their factors ended: by its time, which no edge sees come, or by whoever cancelled it. A mail
 * is not owed as an outcome is: what waits for a server that is away is lost with the process.
 */
export const mailsManager = ({ post, account, publicUrl, now = Date.now }: MailsOptions): Manager => {
  const tell = async (accountId: string, mailOf: typeof factorsResetMail): Promise<void> => {
    const { email, handle } = (await account(accountId)) ?? {}
    if (email) post.put(mailOf({ publicUrl, to: email, handle: handle ?? accountId, accountId }))
  }
  return effectManager({
    name: 'mails',
    family: 'account',
    codecs: codecs.account,
    types: ['FactorsReset', 'FactorResetCancelled', 'AccountErased'],
    effect: (event, at) => {
      if (event.type === 'AccountErased') return async () => post.forget(event.accountId)
      if (at < now() - NEWS_MS) return undefined
      if (event.type === 'FactorsReset') return () => tell(event.accountId, factorsResetMail)
      return event.type === 'FactorResetCancelled' ? () => tell(event.accountId, factorResetCancelledMail) : undefined
    },
  })
}
