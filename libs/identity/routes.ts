import { accessTokenRoutes } from './http/access-tokens.ts'
import { accountSearchRoutes } from './http/account-search.ts'
import { accountRoutes, cancelErasure } from './http/accounts.ts'
import { actAsRoutes } from './http/act-as.ts'
import { addressBanRoutes } from './http/address-bans.ts'
import { administrationRoutes } from './http/administration.ts'
import { authenticationRoutes } from './http/authentication.ts'
import { avatarRoutes } from './http/avatars.ts'
import { dataExportRoutes } from './http/data-export.ts'
import { emailRoutes } from './http/email.ts'
import { factorResetRoutes } from './http/factor-reset.ts'
import { factorRoutes } from './http/factors.ts'
import { handleRoutes } from './http/handles.ts'
import { invitationRoute } from './http/invitations.ts'
import { keysRoute } from './http/keys.ts'
import { passkeyRoutes } from './http/passkeys.ts'
import { passwordResetRoutes } from './http/password-reset.ts'
import { profileRoutes } from './http/profile.ts'
import { registrationRoute } from './http/registration.ts'
import { secondFactorRoutes } from './http/second-factor.ts'
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

/** By what accounts are logged in to, beside passwords. */
export const ownFactorRoutes = [
  ...secondFactorRoutes,
  ...factorRoutes,
  ...passkeyRoutes,
  ...authenticationRoutes,
  ...factorResetRoutes,
]

/** Everything of accounts and sessions that is asked and told over HTTP. */
export const identityRoutes = [
  registrationRoute,
  ...selfServiceRoutes,
  ...accountRoutes,
  ...avatarRoutes,
  ...sessionRoutes,
  ...ownFactorRoutes,
  ...accessTokenRoutes,
  ...administrationRoutes,
  ...addressBanRoutes,
  ...accountSearchRoutes,
  ...dataExportRoutes,
  ...actAsRoutes,
  keysRoute,
]
