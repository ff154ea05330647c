import { upTo } from '../paging.js'

/** What those who run a channel read and change of how it goes about things. `read(path, query)` and `act(method, path, body, options)` ask as who is logged in. */
export const settingsCalls = ({ read, act }) => {
  const pathOf = (channel, what) => `/v1/channels/${channel}/${what}`
  const of = (channel, what, query) => read(pathOf(channel, what), query)
  const asOf = (position) => ({ 'min-position': position })

  /** Pages of a table end with one that has no rows: those of who is erased are left out of each. */
  const lastMember = (csv) => /(\d+),[^,\r\n]*,[^,\r\n]*,[^,\r\n]*\r\n$/.exec(csv)?.[1]

  return {
    /** What came of a command that one has sent; undefined while nobody knows. */
    outcome: (command) =>
      read(`/v1/commands/${command}`).catch((error) => {
        if (error.status !== 404) throw error
      }),
    policy: (channel, position) => of(channel, 'policy', asOf(position)),
    /** In the place of the version that it was made from: 412 where another one stands meanwhile. */
    setPolicy: (channel, version, asked) =>
      act('PUT', pathOf(channel, 'policy'), asked, { headers: { 'if-match': `"${version}"` } }),
    /** What a policy would have done since then, beside what moderators did. */
    tryPolicy: (channel, policy, since) => act('POST', pathOf(channel, 'policy/trials'), { policy, since }),
    /** How moderators go about things, by what it is called: what was never set is not there. */
    moderationSettings: async (channel, position) => {
      const { settings } = await of(channel, 'moderation-settings', asOf(position))
      return Object.fromEntries(settings.map(({ name, value }) => [name, value]))
    },
    /** Channels whose bans are followed here, and those that follow the bans of this one. */
    banLists: (channel, position) => of(channel, 'ban-list/channels', asOf(position)),
    /** Bans of other channels that wait for a moderator: the first `most`, and whether there are more. */
    pendingBans: (channel, position, most) =>
      upTo(most, 500, async (limit, after) => {
        const page = await of(channel, 'ban-list/pending', { limit, after, ...asOf(position) })
        return { entries: page.pending, next: page.after }
      }),
    /** All bans as a table (RFC 4180) that other channels import. */
    exportBans: async (channel) => {
      let table = ''
      let after
      do {
        const page = await (await of(channel, 'ban-list.csv', { after })).text()
        table += table === '' ? page : page.slice(page.indexOf('\n') + 1)
        after = lastMember(page)
      } while (after !== undefined)
      return new Blob([table], { type: 'text/csv' })
    },
    /** Bans whom a list names, or tells what it would do: { format, content, reason, addresses, dryRun }. */
    importBans: (channel, list) => act('POST', pathOf(channel, 'ban-list/imports'), list),
    /** All emotes of a channel and of the platform, those that are switched off too. */
    emotesAsOf: (channel, position) => of(channel, 'emotes', asOf(position)),
    /** `emote`: name, tier (undefined: for everybody). */
    addEmote: (channel, emote, picture) => {
      const given = Object.entries(emote).filter(([, value]) => value !== undefined)
      return act('POST', `${pathOf(channel, 'emotes')}?${new URLSearchParams(given)}`, picture)
    },
    /** `change`: name, tier (0: for everybody), enabled. */
    changeEmote: (channel, emote, change) => act('PATCH', pathOf(channel, `emotes/${emote}`), change),
    removeEmote: (channel, emote) => act('DELETE', pathOf(channel, `emotes/${emote}`)),
  }
}
