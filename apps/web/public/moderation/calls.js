/** What moderators read of a channel. `read(path, query)` asks as who is logged in. */
export const moderationCalls = ({ read }) => {
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
      const bans = []
      let after
      do {
        const limit = Math.min(500, most - bans.length)
        const page = await of(channel, 'marks', { mark: 'ban', limit, after, 'min-position': position })
        bans.push(...page.marks)
        after = page.after ?? undefined
      } while (after !== undefined && bans.length < most)
      return { bans, more: after !== undefined }
    },
    ownAppeals: async (channel) => (await of(channel, 'appeals/mine')).appeals,
  }
}
