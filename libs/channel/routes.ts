import { attachmentRoutes } from './attachments/http.ts'
import { actRoutes } from './http/acts.ts'
import { appealRoutes } from './http/appeals.ts'
import { banListRoutes } from './http/ban-lists.ts'
import { caseRoutes } from './http/cases.ts'
import { channelPageRoutes } from './http/channels.ts'
import { emoteRoutes, emoteTextRoutes } from './http/emotes.ts'
import { followingRoutes } from './http/following.ts'
import { historyRoutes } from './http/history.ts'
import { messageRoutes } from './http/messages.ts'
import { moderationRoutes } from './http/moderation.ts'
import { nukeRoutes } from './http/nukes.ts'
import { pastRoutes } from './http/past.ts'
import { policyRoutes } from './http/policy.ts'
import { reportRoutes } from './http/reports.ts'
import { roleRoutes } from './http/roles.ts'
import { wordListRoutes } from './http/word-lists.ts'
import { ownershipRoutes } from './ownership/http.ts'
import { pollRoutes } from './polls/http.ts'

const roomRoutes = [
  ...channelPageRoutes,
  ...actRoutes,
  ...followingRoutes,
  ...pastRoutes,
  ...caseRoutes,
  ...messageRoutes,
]

const moderationAndHistoryRoutes = [
  ...historyRoutes,
  ...moderationRoutes,
  ...nukeRoutes,
  ...policyRoutes,
  ...wordListRoutes,
  ...ownershipRoutes,
  ...pollRoutes,
  ...reportRoutes,
  ...appealRoutes,
  ...banListRoutes,
  ...roleRoutes,
]

/** Everything of a channel that is asked and told over HTTP. */
export const channelRoutes = [...roomRoutes, ...attachmentRoutes, ...emoteRoutes, ...moderationAndHistoryRoutes]

/** The same but for what takes pictures, or answers with them. */
export const channelTextRoutes = [...roomRoutes, ...emoteTextRoutes, ...moderationAndHistoryRoutes]
