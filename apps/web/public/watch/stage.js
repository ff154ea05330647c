import { createControls } from './controls.js'
import { endingWords, stateWords } from './words.js'

const LOOK_MS = 15_000
const BEAT_MS = 10_000
const NEWS_MS = 300
const MOST_ATTEMPTS = 10

/** Names nobody: it counts this player once, for as long as the page is open. */
const viewer = crypto.randomUUID()

/**
 * The video of a channel, shown while it is live. `elements` by name; `live()` is the connection to the channel's chat,
 * whose clock is the server's. `first` is the channel's broadcast as the page has asked for it already, as a promise.
 */
export const createStage = ({ api, elements, channelId, live, first }) => {
  const { stage, video, notice, sound, title, viewers } = elements
  let session
  let isOpening = false
  let broadcast
  let looking

  const say = (words) => {
    notice.textContent = words ?? ''
    notice.hidden = !words
  }

  const controls = createControls({
    video,
    elements,
    session: () => session,
    now: () => live()?.serverTime() ?? Date.now(),
  })

  const begin = () =>
    video.play().catch((error) => {
      if (error.name !== 'NotAllowedError') return undefined
      // Browsers play without a gesture only what is silent.
      video.muted = true
      sound.hidden = false
      return video.play().catch(() => {})
    })

  const close = () => {
    session?.close()
    session = undefined
  }

  const open = async () => {
    isOpening = true
    // What is for everybody stands in the broadcast itself; whoever asks again asks the server.
    let known = broadcast.playlist && { url: broadcast.playlist }
    const playback = async () => {
      const given = known || (await api.playback(channelId))
      known = undefined
      return given
    }
    const { openSession } = await import('./session.js').finally(() => {
      isOpening = false
    })
    session ??= openSession({
      video,
      playback,
      on: {
        levels: (names) => {
          controls.showLevels(names)
          // A connection that came back plays on; what somebody has paused stays so.
          if (!controls.isPausedByHand()) begin()
        },
        failing: say,
        fine: () => say(broadcast?.state === 'interrupted' ? stateWords('interrupted') : undefined),
        over: (code, problem) => {
          close()
          say(endingWords(code, problem))
        },
      },
    })
  }

  const show = (found) => {
    const before = broadcast
    broadcast = found
    title.textContent = found?.title ?? ''
    viewers.textContent = found ? `${found.viewers} watching` : ''
    if (found) {
      stage.hidden = false
      if (before?.id !== found.id) close()
      if (found.state === 'interrupted') say(stateWords('interrupted'))
      if (!session && !isOpening) open().catch(() => say('The player could not be loaded.'))
    } else if (before) {
      close()
      say(stateWords('ended'))
    }
  }

  /** `news` is what a live frame has told: the read model may take a moment to know of it too. */
  const look = async (news, attempts = 0) => {
    clearTimeout(looking)
    let waitMs = LOOK_MS
    try {
      const asked = first ?? api.broadcast(channelId)
      first = undefined
      const { broadcast: found } = await asked
      show(found)
      const isBehind = news !== undefined && (news.state === 'ended') === (found?.id === news.broadcast)
      if (isBehind && attempts < MOST_ATTEMPTS) waitMs = NEWS_MS
      else news = undefined
    } catch {
      // What is shown goes on: the next look may find the server again.
    }
    looking = setTimeout(look, waitMs, news, attempts + 1)
  }

  const beat = () => {
    if (session && !video.paused) api.watching(channelId, viewer).catch(() => {})
  }

  sound.addEventListener('click', () => {
    video.muted = false
    sound.hidden = true
  })
  video.addEventListener('playing', beat)
  setInterval(beat, BEAT_MS)
  look()
  return {
    /** Something has happened to the channel's broadcast. */
    look: (news) => look(news),
    /** Whoever logs in may watch more. */
    again: () => {
      if (session || isOpening) return
      say()
      look()
    },
  }
}
