import type { Mail } from '#libs/mail/mailer.ts'

/** How long a link in a mail is good. */
export const linkMinutes = 30

/**
 * A link that opens the page with a secret behind the `#`, which no browser sends to a server: it stands in no log.
 * @example link('https://whiply.example', 'reset-password', secret)
 */
const link = (publicUrl: string, what: string, secret: string): string => `${publicUrl}/#${what}=${secret}`

const goodFor = `It is good once, for ${linkMinutes} minutes.`

type Notice = {
  readonly publicUrl: string
  readonly to: string
  readonly handle: string
  readonly accountId: string
}

type Link = Notice & { readonly secret: string }

export const confirmEmailMail = ({ publicUrl, secret, to, handle, accountId }: Link): Mail => ({
  to,
  accountId,
  subject: 'Confirm your address',
  text: `Hello ${handle},

this link confirms that mail for your account at ${publicUrl} arrives here:

${link(publicUrl, 'confirm-email', secret)}

${goodFor} If you have no such account, do nothing: without it no mail follows.
`,
})

/** To the address that an account has, before it gets another: whoever reads mail here is asked as well. */
export const leaveEmailMail = ({ publicUrl, secret, to, handle, accountId }: Link): Mail => ({
  to,
  accountId,
  subject: 'Your address is to be changed',
  text: `Hello ${handle},

mail for your account at ${publicUrl} is to go to another address from now on. If you want that, confirm it here and in the
mail to the new address:

${link(publicUrl, 'confirm-email', secret)}

${goodFor} If it was not you who asked for it, do nothing but change your password: somebody else knows it.
`,
})

export const resetPasswordMail = ({ publicUrl, secret, to, handle, accountId }: Link): Mail => ({
  to,
  accountId,
  subject: 'A new password',
  text: `Hello ${handle},

with this link you choose a new password for your account at ${publicUrl}:

${link(publicUrl, 'reset-password', secret)}

${goodFor} If it was not you who asked for it, do nothing: the old password holds.
`,
})

export const passwordChangedMail = ({ publicUrl, to, handle, accountId }: Notice): Mail => ({
  to,
  accountId,
  subject: 'Your password was changed',
  text: `Hello ${handle},

the password of your account at ${publicUrl} was changed just now, and everybody who was logged in with it is logged out.

If that was not you, ask for a new password at once.
`,
})

export const erasureScheduledMail = ({
  publicUrl,
  to,
  handle,
  accountId,
  eraseAt,
}: Notice & { readonly eraseAt: number }): Mail => ({
  to,
  accountId,
  subject: 'Your account is to be erased',
  text: `Hello ${handle},

your account at ${publicUrl} will be erased on ${new Date(eraseAt).toUTCString()}. What you wrote cannot be read any more then,
and nobody can bring it back. Until that time you can log in and keep your account.

If it was not you who asked for it: keep it, and change your password.
`,
})
