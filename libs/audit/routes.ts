import { activityRoutes } from './http/activity.ts'
import { auditRoutes } from './http/audit.ts'

/** Everything of the audit over HTTP. */
export const auditHttpRoutes = [...auditRoutes, ...activityRoutes]
