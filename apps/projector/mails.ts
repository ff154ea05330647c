import { codecs } from '#libs/contracts/codecs.ts'
import type { IdentityEvent } from '#libs/contracts/generated/identity.ts'
import { gcraLimiter } from '#libs/http/rate-limit.ts'
import type { AccountView } from '#libs/identity/account-view.ts'
import { confirmationMails } from '#libs/identity/confirmation-mails.ts'
import { factorResetMail } from '#libs/identity/mails.ts'
import { noticed, noticeOf } from '#libs/identity/notices.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { type Mail, MailError, type Mailer } from '#libs/mail/mailer.ts'
import type { ReaderKeys } from '#libs/readmodel/erased.ts'
import { effectManager, type Manager } from '#libs/readmodel/manager.ts'
import type { Vault } from '#libs/vault/vault.ts'

export type MailsOptions = {
  readonly mailer: Pick<Mailer, 'send' | 'forget'>
  /** Told of each mail that was given up; never of its text or receiver. */
  readonly onLost: (error: unknown) => void
  /** As it is at that record or later. Throws what passes where the read model has not come so far. */
  readonly account: (accountId: string, record: OutcomeRecord) => Promise<AccountView | undefined>
  readonly vault: {
    readonly keys: ReaderKeys
    readonly oneTime: Pick<Vault['oneTime'], 'issue' | 'drop'>
    readonly registrations: Pick<Vault['registrations'], 'has'>
  }
  readonly publicUrl: string
  readonly now?: () => number
}

/** Older news is none: a manager that reads the journal anew tells nobody of years ago, nor one whose server was away. */
const NEWS_MS = 24 * 3_600_000

/** A receiver that the server takes no mail for now keeps nobody else waiting for longer. */
const DEFERRED_MS = 15 * 60_000

/** Wrong codes come as often as somebody tries them. */
const failureRate = { perMinute: 1 / 10, burst: 5 }

type Letters = (account: AccountView & { readonly email: string }) => readonly Mail[] | Promise<readonly Mail[]>

/**
 * Tells owners by mail what was decided of their accounts: whoever decided it, whatever became of the request, and at
 * least once, since the position moves only once the server has a mail, or has refused it for good.
 */
export const mailsManager = (options: MailsOptions): Manager => {
  const { mailer, onLost, account, vault, publicUrl, now = Date.now } = options
  const limiter = gcraLimiter({ now })

  /** Resolves once it is with the server, or given up. Throws what passes. */
  const deliverer = (): ((mail: Mail) => Promise<void>) => {
    let deferredAt: number | undefined
    return async (mail) => {
      try {
        await mailer.send(mail)
      } catch (error) {
        if (!(error instanceof MailError)) throw error
        if (error.code === 'mail.deferred') deferredAt ??= now()
        const isGivenUp = deferredAt !== undefined && now() - deferredAt > DEFERRED_MS
        if (error.code !== 'mail.refused' && !isGivenUp) throw error
        onLost(error)
      }
    }
  }

  const telling = (accountId: string, record: OutcomeRecord, letters: Letters) => {
    const deliver = deliverer()
    return async () => {
      if (record.at < now() - NEWS_MS) return
      const known = await account(accountId, record)
      if (!known?.email) return
      for (const mail of await letters({ ...known, email: known.email })) await deliver(mail)
    }
  }

  const confirmation: Letters = (known) =>
    known.emailVerified ? [] : confirmationMails({ publicUrl, oneTime: vault.oneTime }, known, known.email)

  /** Asks who registered whether the address is theirs; those who were brought from elsewhere are not asked. */
  const confirming = (accountId: string, record: OutcomeRecord) => {
    const tell = telling(accountId, record, confirmation)
    return async () => {
      if (await vault.registrations.has(accountId)) await tell()
    }
  }

  /** With a link that needs no login: who is locked out may still read mail. */
  const resetAnnounced = (
    event: IdentityEvent & { readonly type: 'FactorResetScheduled' },
    eventId: string,
  ): Letters => {
    let secret: string | undefined
    return async ({ accountId, handle, email: to }) => {
      await vault.keys.prefetch(new Set([accountId]))
      const { reason } = codecs.account.openEvent(event, eventId, vault.keys.open) as { readonly reason?: string }
      if (reason === undefined) return []
      const { resetAt } = event
      const lifetimeMs = Math.max(1, resetAt - now())
      secret ??= await vault.oneTime.issue({ purpose: 'keep factors', accountId, lifetimeMs })
      return [factorResetMail({ publicUrl, to, handle: handle ?? accountId, accountId, secret, resetAt, reason })]
    }
  }

  const lettersOf = (event: IdentityEvent, eventId: string): Letters | undefined => {
    if (event.type === 'FactorResetScheduled') return resetAnnounced(event, eventId)
    const notice = noticeOf(event)
    return (
      notice &&
      (({ accountId, handle, email: to }) => [notice({ publicUrl, to, handle: handle ?? accountId, accountId })])
    )
  }

  return effectManager({
    name: 'mails',
    family: 'account',
    codecs: codecs.account,
    types: [...noticed, 'AccountOpened', 'FactorResetScheduled', 'AccountErased'],
    effect: (event, record, eventId) => {
      const { key: accountId, at } = record
      if (event.type === 'AccountErased') return () => mailer.forget(accountId)
      if (at < now() - NEWS_MS) return undefined
      if (event.type === 'AccountOpened') return confirming(accountId, record)
      const letters = lettersOf(event, eventId)
      if (!letters) return undefined
      if (event.type === 'FactorFailed' && limiter.take(accountId, failureRate) > 0) return undefined
      return telling(accountId, record, letters)
    },
  })
}
