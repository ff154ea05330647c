/** The emotes that may be written in a channel: its own, and those of the platform that it has none of the same name for. */
export const createEmoteList = ({ api, channelId }) => {
  let loading

  const load = async () => {
    const { channel, platform } = await api.emotes(channelId())
    const own = new Set(channel.map(({ name }) => name))
    return [...channel, ...platform.filter(({ name }) => !own.has(name))].filter(({ enabled }) => enabled)
  }

  const all = () => {
    loading ??= load().catch((error) => {
      loading = undefined
      throw error
    })
    return loading
  }

  return {
    /** Those whose names have `words` in them, which is in no case, those that begin with it first. */
    like: async (words) => {
      const sought = words.toLowerCase()
      const place = ({ name }) => name.toLowerCase().indexOf(sought)
      const found = (await all()).filter((emote) => place(emote) >= 0)
      return found.toSorted((one, other) => Math.sign(place(one)) - Math.sign(place(other)))
    },
    /** They are not what they were. */
    changed: () => {
      loading = undefined
    },
  }
}
