import type { Sql } from 'postgres'
import { readElsewhere } from '../elsewhere/reads.ts'
import { readEvidence } from '../evidence/reads.ts'
import { acceptedRules, channelById, followedAt, marksOf, roleOf, rolesOf } from './channels.ts'
import { editsOf, messageById, messagePage, messagesAsOf, recentMessages } from './messages.ts'
import { heldMessages, moderationPage } from './moderation.ts'
import type { ChannelReads } from './views.ts'

/** What the routes of channels read. */
export const channelReads = (sql: Sql): ChannelReads => ({
  channel: (channelId) => channelById(sql, channelId),
  message: (channelId, messageId) => messageById(sql, channelId, messageId),
  messages: (channelId, page) => messagePage(sql, channelId, page),
  acceptedRules: (channelId, accountId) => acceptedRules(sql, channelId, accountId),
  followedAt: (channelId, accountId) => followedAt(sql, channelId, accountId),
  edits: editsOf(sql),
  messagesAsOf: messagesAsOf(sql),
  roles: rolesOf(sql),
  roleOf: roleOf(sql),
  held: heldMessages(sql),
  marks: marksOf(sql),
  recent: recentMessages(sql),
  moderationLog: (channelId, page) => moderationPage(sql, channelId, page),
  evidence: readEvidence(sql),
  elsewhere: readElsewhere(sql),
})
