import { actRoutes } from './http/acts.ts'
import { channelPageRoutes } from './http/channels.ts'
import { messageRoutes } from './http/messages.ts'
import { moderationRoutes } from './http/moderation.ts'
import { nukeRoutes } from './http/nukes.ts'
import { pastRoutes } from './http/past.ts'
import { policyRoutes } from './http/policy.ts'
import { reportRoutes } from './http/reports.ts'
import { roleRoutes } from './http/roles.ts'
import { pollRoutes } from './polls/http.ts'

/** Everything of a channel that is asked and told over HTTP. */
export const channelRoutes = [
  ...channelPageRoutes,
  ...actRoutes,
  ...pastRoutes,
  ...messageRoutes,
  ...moderationRoutes,
  ...nukeRoutes,
  ...policyRoutes,
  ...pollRoutes,
  ...reportRoutes,
  ...roleRoutes,
]
