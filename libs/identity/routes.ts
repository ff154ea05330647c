import { accountRoutes } from './http/accounts.ts'
import { keysRoute } from './http/keys.ts'
import { registrationRoute } from './http/registration.ts'
import { sessionRoutes } from './http/sessions.ts'

/** Everything of accounts and sessions that is asked and told over HTTP. */
export const identityRoutes = [registrationRoute, ...accountRoutes, ...sessionRoutes, keysRoute]
