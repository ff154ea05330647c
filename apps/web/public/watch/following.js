/** What says that it was chosen elsewhere meanwhile, as in another tab. */
const KNOWN_ALREADY = new Set(['channel.follows_already', 'channel.follows_not'])

/**
 * The button by which somebody follows the channel that is shown, `channel()`. Nobody follows their own, and who is not
 * logged in, so that `me()` is nobody, follows none. `onError(error)`: it could not be done.
 */
export const createFollowing = ({ api, button, channel, me, onError }) => {
  let isFollowing = false

  /** What is shown is what the server has, from a position on: so it is after a reload too. */
  const read = async (position) => {
    const asking = me()?.id
    const { since } = await api.following(channel().id, position)
    if (asking !== me()?.id) return
    isFollowing = since !== null
    button.textContent = isFollowing ? 'Following' : 'Follow'
    button.title = isFollowing ? 'Follow no more' : 'Be told when the channel goes live'
    button.hidden = false
  }

  const turn = async () => {
    try {
      const { position } = await api.act(channel().id, { kind: isFollowing ? 'unfollow' : 'follow' })
      await read(position)
    } catch (error) {
      if (!KNOWN_ALREADY.has(error.code)) throw error
      await read()
    }
  }

  button.addEventListener('click', async () => {
    button.disabled = true
    await turn()
      .catch(onError)
      .finally(() => {
        button.disabled = false
      })
  })

  return {
    /** Somebody else is logged in, or nobody. */
    look: () => {
      button.hidden = true
      // Nor is it offered where the server cannot tell, or the channel is not known yet.
      if (channel() && me() && me().id !== channel().ownerId) read().catch(() => {})
    },
  }
}
