import type { Mail } from '#libs/mail/mailer.ts'

/** How long a link in a mail is good. */
export const linkMinutes = 30

/**
 * A link that opens the page with a secret behind the `#`, which no browser sends to a server: it stands in no log.
 * @example link('https://whiply.example', 'reset-password', secret)
 */
const link = (publicUrl: string, what: string, secret: string): string => `${publicUrl}/#${what}=${secret}`

const goodFor = `It is good once, for ${linkMinutes} minutes.`

export type Notice = {
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

export const newDeviceMail = ({
  publicUrl,
  to,
  handle,
  accountId,
  agent,
  at,
}: Notice & { readonly agent: string; readonly at: number }): Mail => ({
  to,
  accountId,
  subject: 'Somebody logged in from a new device',
  text: `Hello ${handle},

somebody logged in to your account at ${publicUrl} on ${new Date(at).toUTCString()}, from a device that was not seen before. It says
of itself:

${agent}

If that was you, do nothing. If not, somebody knows how to log in: change your password, which ends every session.
`,
})

export const factorsChangedMail = ({
  publicUrl,
  to,
  handle,
  accountId,
  what,
}: Notice & { readonly what: string }): Mail => ({
  to,
  accountId,
  subject: 'How you log in was changed',
  text: `Hello ${handle},

of your account at ${publicUrl}, ${what} just now.

If that was not you, somebody else is logged in: change your password, which ends every session, and look through what your
account is logged in to by.
`,
})

export const factorFailedMail = ({ publicUrl, to, handle, accountId }: Notice): Mail => ({
  to,
  accountId,
  subject: 'Somebody knows your password',
  text: `Hello ${handle},

somebody gave the password of your account at ${publicUrl} just now, and then several wrong codes. They are not logged in.

If that was not you, change your password: somebody else knows it.
`,
})

export const factorResetMail = ({
  publicUrl,
  secret,
  to,
  handle,
  accountId,
  resetAt,
  reason,
}: Link & { readonly resetAt: number; readonly reason: string }): Mail => ({
  to,
  accountId,
  subject: 'Your second factors are to be reset',
  text: `Hello ${handle},

somebody asked us to take codes and passkeys away from your account at ${publicUrl}, since they are lost. That is done on
${new Date(resetAt).toUTCString()}. The reason that we were given:

${reason}

If it was not you who asked for it, or if you have found them, keep them with this link:

${link(publicUrl, 'keep-factors', secret)}

Logging in by one of them keeps them as well. Otherwise, ask for a new password after that time, and log in with it.
`,
})

export const factorsResetMail = ({ publicUrl, to, handle, accountId }: Notice): Mail => ({
  to,
  accountId,
  subject: 'Your second factors were reset',
  text: `Hello ${handle},

codes, recovery codes and passkeys of your account at ${publicUrl} were taken away just now, as was announced.
Its password alone logs in from now on. If you do not know it, ask for a new one.

Set them up again soon. If that was not what you wanted, change your password at once: somebody else may know it.
`,
})

export const factorResetCancelledMail = ({ publicUrl, to, handle, accountId }: Notice): Mail => ({
  to,
  accountId,
  subject: 'Your second factors stay',
  text: `Hello ${handle},

codes and passkeys of your account at ${publicUrl} were to be taken away. That will not be done: you ended it, logged in by one
of them, or somebody of our staff ended it. They are good as before.

If you asked for it, since they are lost, write to us again.
`,
})
