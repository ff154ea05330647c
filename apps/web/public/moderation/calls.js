import { upTo } from '../paging.js'

/** What moderators read of a channel, and what they do there besides acts. `read(path, query)` and `act(method, path, body)` ask as who is logged in. */
export const moderationCalls = ({ read, act }) => {
  const of = (channel, what, query) => read(`/v1/channels/${channel}/${what}`, query)

  return {
    held: async (channel, position) => (await of(channel, 'held-messages', { 'min-position': position })).messages,
    /** A picture that waits with a message, as a Blob. */
    heldPicture: (channel, message, picture, size) =>
      read(`/v1/channels/${channel}/held-messages/${message}/attachments/${picture}/${size}`),
    /** Those that wait, the latest first. */
    reports: async (channel, position) =>
      (await of(channel, 'reports', { limit: 100, 'min-position': position })).reports,
    appeals: async (channel, position) =>
      (await of(channel, 'appeals', { limit: 100, 'min-position': position })).appeals,
    /** The first `most` by the ids of members, and whether there are more. */
    bans: async (channel, position, most) => {
      const { entries, more } = await upTo(most, 500, async (limit, after) => {
        const page = await of(channel, 'marks', { mark: 'ban', limit, after, 'min-position': position })
        return { entries: page.marks, next: page.after }
      })
      return { bans: entries, more }
    },
    /** What stands of a member: bans, marks and a subscription. */
    marksOf: async (channel, member, position) =>
      (await of(channel, 'marks', { member, 'min-position': position })).marks,
    /** The log, the latest first. `asked`: actor, member, why. */
    log: (channel, asked, position, most) =>
      upTo(most, 200, async (limit, before) => {
        const query = { ...asked, limit, before, 'min-position': position }
        const page = await of(channel, 'moderation-log', query)
        return { entries: page.entries.map((entry) => ({ id: entry.moderationSeq, ...entry })), next: page.before }
      }),
    /** Messages, the latest first, deleted ones too. `asked`: words, author. */
    search: (channel, asked, _position, most) =>
      upTo(most, 100, async (limit, before) => {
        const page = await of(channel, 'messages/search', { ...asked, limit, before })
        return { entries: page.messages, next: page.before }
      }),
    /** Messages around one, as moderators see them. */
    aroundDeleted: async (channel, id, count) => {
      const { messages } = await of(channel, `messages/${id}/context`, { before: count, after: count })
      return messages.map(({ author, text, at, deleted, attachments, ...message }) => ({
        ...message,
        author: { ...author, name: author.name ?? 'somebody who is erased' },
        text: text ?? '…',
        at: Date.parse(at),
        ...(deleted ? { state: 'deleted' } : { attachments }),
      }))
    },
    blockedTerms: async (channel, position) => (await of(channel, 'blocked-terms', { 'min-position': position })).terms,
    proposals: async (channel, position) => {
      const { proposals } = await of(channel, 'ban-proposals', { 'min-position': position })
      return proposals.filter(({ status }) => status === 'waiting')
    },
    roles: async (channel, position) => (await of(channel, 'roles', { 'min-position': position })).roles,
    alts: async (channel, member, position) =>
      (await of(channel, `members/${member}/alts`, { 'min-position': position })).alts,
    /** Who goes by a handle, by their id. */
    accountOf: async (handle) => {
      const holder = await read(`/v1/handles/${encodeURIComponent(handle.replace(/^@/, ''))}`).catch((error) => {
        if (error.status !== 404) throw error
      })
      if (holder?.kind !== 'account') throw new Error(`There is nobody who goes by ${handle}.`)
      return holder.id
    },
    /** Deletes what says something, or tells what it would delete: { text, match, withinMs, durationMs, reason, dryRun }. */
    nuke: (channel, nuke) => act('POST', `/v1/channels/${channel}/nukes`, nuke),
    /** Whoever changed it last: a topic is replaced as a whole. null takes it away. */
    changeTopic: (channel, topic) =>
      act('PATCH', `/v1/channels/${channel}/settings`, { topic }, { headers: { 'if-match': '*' } }),
    ownAppeals: async (channel) => (await of(channel, 'appeals/mine')).appeals,
  }
}
