const MODERATORS = new Set(['platform_admin', 'broadcaster', 'lead_moderator', 'moderator'])
/** Who does not press it again by then did not mean it. */
const ARMED_MS = 4_000

/** The button by which moderators end what is live, pressed twice: it ends for everybody, and for a minute none begins. */
export const createStopping = ({ api, button, channelId, onError }) => {
  const words = button.textContent
  let isModerator = false
  let isLive = false
  let armed

  const disarm = () => {
    clearTimeout(armed)
    armed = undefined
    button.textContent = words
  }

  const show = () => {
    button.hidden = !(isModerator && isLive)
    if (button.hidden) disarm()
  }

  button.addEventListener('click', async () => {
    if (!armed) {
      button.textContent = 'Press again to end it for everybody'
      armed = setTimeout(disarm, ARMED_MS)
      return
    }
    disarm()
    button.disabled = true
    await api.stopBroadcast(channelId()).catch(onError)
    button.disabled = false
  })
  return {
    setRole: (role) => {
      isModerator = MODERATORS.has(role)
      show()
    },
    /** What is live, if anything. */
    broadcast: (found) => {
      isLive = found !== null && found !== undefined
      show()
    },
  }
}
