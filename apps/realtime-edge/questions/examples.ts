import type { QuestionFrame } from './parts.ts'

type Given = Pick<QuestionFrame, 'params' | 'body'> & { readonly expectedVersion?: number }

const channelId = '1001'
const accountId = '43'
const messageId = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'
const here = { params: { channelId } }
const policy = {
  format: 1,
  rules: [{ id: 'skins', kind: 'terms', verdict: 'hold', terms: ['free skins'] }],
}

/** What an example of every question and command gives, by the id of its route. */
const given: Readonly<Record<string, Given>> = {
  findChannels: { params: { slug: 'lobby' } },
  getChannel: here,
  openChannel: { body: { slug: 'lounge' } },
  changeSettings: { ...here, body: { topic: 'Be kind', reason: 'a raid' }, expectedVersion: 7 },
  renameChannel: { ...here, body: { slug: 'lounge' } },
  getFollowing: here,
  getMemberCase: { params: { channelId, accountId, 'as-of': '2026-01-01T00:00:00Z' } },
  getChannelAsOfJob: { params: { channelId, jobId: 'Zm9yIHRoZSBleGFtcGxlcw' } },
  listMessages: { params: { channelId, before: '4200', limit: '50' } },
  listMessageEdits: { params: { channelId, messageId } },
  searchMessages: { params: { channelId, words: 'free skins', has: 'link', limit: '25' } },
  getMessageContext: { params: { channelId, messageId, before: '5', after: '5' } },
  getChannelEmotes: here,
  changeChannelEmote: { params: { channelId, emoteId: messageId }, body: { name: 'catJAM', tier: 1 } },
  removeChannelEmote: { params: { channelId, emoteId: messageId, reason: 'stale' } },
  getEmotes: {},
  changeEmote: { params: { emoteId: messageId }, body: { enabled: false } },
  removeEmote: { params: { emoteId: messageId, reason: 'stale' } },
  listModerationLog: { params: { channelId, member: accountId, action: 'ban', why: 'spam', limit: '50' } },
  listHeldMessages: here,
  listMarks: { params: { channelId, mark: 'ban', limit: '100' } },
  showPolicy: here,
  setPolicy: { ...here, body: { policy, reason: 'spam' }, expectedVersion: 0 },
  removePolicy: { params: { channelId, reason: 'too strict' } },
  tryPolicy: { ...here, body: { policy, since: '2026-01-01T00:00:00Z' } },
  importWordList: {
    params: { channelId, list: 'slurs' },
    body: { format: 'lines', content: 'foo\nbar baz\n', severity: 3, shadow: true },
  },
  listPolls: { params: { channelId, limit: '20' } },
  getPoll: { params: { channelId, pollId: messageId } },
  listReports: { params: { channelId, status: 'waiting', limit: '25' } },
  listOwnReports: here,
  listBlockedTerms: here,
  listAppeals: { params: { channelId, status: 'waiting' } },
  listOwnAppeals: here,
  listBanProposals: here,
  listModerationSettings: here,
  listBans: { params: { channelId, limit: '100' } },
  exportBans: { params: { channelId, limit: '1000' } },
  importBans: {
    ...here,
    body: { format: 'csv', content: 'handle,reason\nspammer,free skins\n', dryRun: true },
  },
  getBanLists: here,
  listPendingBans: { params: { channelId, limit: '100' } },
  listAlts: { params: { channelId, accountId } },
  listRoles: here,
  listConversations: { params: { limit: '50' } },
  findWhisperReceiver: { params: { handle: 'ada' } },
  listWhispers: { params: { accountId, before: '40', limit: '50' } },
  getWhisperSettings: {},
}

/** An example of asking for a route; they stand in the AsyncAPI document and are run by the tests. */
export const exampleOf = (frame: 'query' | 'command', name: string): QuestionFrame => {
  const { expectedVersion, ...parts } = given[name] ?? {}
  if (frame === 'query') return { type: 'query', id: messageId, query: name, ...parts }
  const version = expectedVersion === undefined ? {} : { expectedVersion }
  return { type: 'command', id: messageId, command: name, ...parts, ...version }
}

/** The ids of routes that there is an example of. */
export const exampled: readonly string[] = Object.keys(given)
