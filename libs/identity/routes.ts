import { accessTokenRoutes } from './http/access-tokens.ts'
import { accountRoutes, cancelErasure } from './http/accounts.ts'
import { administrationRoutes } from './http/administration.ts'
import { avatarRoutes } from './http/avatars.ts'
import { emailRoutes } from './http/email.ts'
import { handleRoutes } from './http/handles.ts'
import { invitationRoute } from './http/invitations.ts'
import { keysRoute } from './http/keys.ts'
import { passwordResetRoutes } from './http/password-reset.ts'
import { profileRoutes } from './http/profile.ts'
import { registrationRoute } from './http/registration.ts'
import { sessionRoutes } from './http/sessions.ts'

/** What people do with accounts of their own, beside opening and leaving them. */
export const selfServiceRoutes = [
  ...emailRoutes,
  ...passwordResetRoutes,
  ...handleRoutes,
  ...profileRoutes,
  invitationRoute,
  cancelErasure,
]

/** Everything of accounts and sessions that is asked and told over HTTP. */
export const identityRoutes = [
  registrationRoute,
  ...selfServiceRoutes,
  ...accountRoutes,
  ...avatarRoutes,
  ...sessionRoutes,
  ...accessTokenRoutes,
  ...administrationRoutes,
  keysRoute,
]
