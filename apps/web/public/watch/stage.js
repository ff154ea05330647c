import { begin } from './begin.js'
import { createClipping } from './clip.js'
import { createControls } from './controls.js'
import { isBehind } from './news.js'
import { askRecorded } from './recorded.js'
import { followChat } from './replay.js'
import { createTimeline } from './timeline.js'
import { clipWords, endingWords, placeWords, stateWords } from './words.js'

const LOOK_MS = 15_000
const BEAT_MS = 10_000
const NEWS_MS = 300
const MOST_ATTEMPTS = 10
const CLIP_LOOK_MS = 1_000

/** Names nobody: it counts this player once, for as long as the page is open. */
const viewer = crypto.randomUUID()

/**
 * The video of a channel, shown while it is live. `elements` by name; `live()` is the connection to the channel's chat,
 * whose clock is the server's. `first` is the channel's broadcast as the page has asked for it already, `playing` what plays
 * already of it, { session, broadcastId }, both as promises.
 * With `kept`, { kind, id } of a clip or a recording, that is shown, and nothing that is live; of a recording the chat as
 * it was then, too, as `replay`, lines. `onBroadcast(found)` is told what is live, or null.
 */
export const createStage = ({ api, elements, slug, channelId, live, first, playing, kept, replay, onBroadcast }) => {
  const { stage, video, notice, sound, title, viewers } = elements
  let session
  let isOpening = false
  let broadcast
  let looking
  /** What is known of the recording of what is live. */
  let recorded

  const say = (words) => {
    notice.textContent = words ?? ''
    notice.hidden = !words
  }

  const timeline = createTimeline({
    video,
    session: () => session,
    recorded: () => recorded,
    openPast: (behind) => openPast(behind),
    openLive: () => openLive(),
  })

  const controls = createControls({
    video,
    elements,
    timeline,
    session: () => session,
    now: () => live()?.serverTime() ?? Date.now(),
  })

  const listener = {
    levels: (names) => {
      controls.showLevels(names)
      // A connection that came back plays on; what somebody has paused stays so.
      if (!timeline.isPausedByHand()) begin({ video, sound })
    },
    failing: say,
    fine: () => say(broadcast?.state === 'interrupted' ? stateWords('interrupted') : undefined),
    over: (code, problem) => {
      close()
      say(endingWords(code, problem))
    },
  }

  const close = () => {
    session?.close()
    session = undefined
  }

  /** Opens what `playback` gives, in the place of what was open. */
  const openWith = async (playback, options = {}) => {
    isOpening = true
    const { openSession } = await import('./session.js').finally(() => {
      isOpening = false
    })
    close()
    session = openSession({ video, playback, ...options, on: listener })
  }

  const askServer = () => api.playback(channelId)

  const openLive = () => {
    // What is for everybody stands in the broadcast itself; whoever asks again asks the server.
    let known = broadcast.playlist && { url: broadcast.playlist }
    return openWith(async () => {
      const given = known || (await askServer())
      known = undefined
      return given
    })
  }

  /** The page plays already, where it could begin without this stage. */
  const adopt = async () => {
    isOpening = true
    const found = await playing.catch(() => undefined)
    playing = undefined
    isOpening = false
    if (!found) return false
    if (found.broadcastId !== broadcast?.id) {
      found.session.close()
      return false
    }
    session = found.session
    session.adopt(listener, askServer)
    if (!video.paused) onPlaying()
    return true
  }

  const open = async () => {
    if (!(playing && (await adopt())) && broadcast) await openLive()
  }

  const askAgain = async () => {
    const { id } = broadcast ?? {}
    const found = id && (await askRecorded(api, id))
    if (broadcast?.id === id) recorded = found && { ...found, askedAt: performance.now() }
  }

  /** What lies further back than memory reaches is played from the recording, as far as that has come. */
  const openPast = async (behind) => {
    const { id } = broadcast
    const from = session?.capturedAt()
    const at = from === undefined ? undefined : from - (behind - timeline.behind()) * 1000
    await askAgain()
    if (!recorded || broadcast?.id !== id) return
    const startAt = at === undefined ? recorded.seconds - behind : recorded.at(at)
    await openWith(() => api.vodPlayback(id), { startAt: Math.max(0, startAt), isLiveToo: true })
  }

  const showChapters = (chapters) => {
    const buttons = chapters.map(({ at, title: words, category }) => {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'quiet'
      button.textContent = `${placeWords(at)} ${words ?? category ?? ''}`
      button.addEventListener('click', () => {
        video.currentTime = at
      })
      return button
    })
    elements.chapters.replaceChildren(...buttons)
    elements.chapters.hidden = buttons.length < 2
  }

  const showKept = async () => {
    const { about, playback } = {
      clip: { about: api.clip, playback: api.clipPlayback },
      vod: { about: api.vod, playback: api.vodPlayback },
    }[kept.kind]
    stage.hidden = false
    const { title: words, chapters = [], state, problem } = await about(kept.id)
    title.textContent = words ?? ''
    showChapters(chapters)
    if (state === 'failed') return say(clipWords(problem) ?? clipWords('failed'))
    if (state === 'making') {
      say(clipWords('making'))
      setTimeout(openKept, CLIP_LOOK_MS)
      return
    }
    say()
    const isWhole = state === 'finished' || state === 'made'
    await openWith(() => playback(kept.id), { startAt: 0, isWhole })
  }

  const openKept = () => showKept().catch((error) => say(endingWords(error.code, error.problem)))

  const show = (found) => {
    const before = broadcast
    broadcast = found
    onBroadcast(found)
    title.textContent = found?.title ?? ''
    viewers.textContent = found ? `${found.viewers} watching` : ''
    controls.showWhyOne(found?.sourceOnly ?? undefined)
    if (found) {
      stage.hidden = false
      if (before?.id !== found.id) {
        close()
        recorded = undefined
      }
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
      const isOld = news !== undefined && isBehind(news, found, broadcast)
      show(found)
      if (isOld && attempts < MOST_ATTEMPTS) waitMs = NEWS_MS
      else news = undefined
    } catch {
      // What is shown goes on: the next look may find the server again.
    }
    looking = setTimeout(look, waitMs, news, attempts + 1)
  }

  const beat = () => {
    if (session && !video.paused && !kept) api.watching(channelId, viewer).catch(() => {})
  }

  const onPlaying = () => {
    beat()
    if (!kept && !recorded) askAgain()
  }

  createClipping({
    api,
    slug,
    elements,
    shown: () => ({
      id: broadcast?.id,
      title: broadcast?.title,
      ...(session?.isRecorded ? { seconds: video.currentTime } : { capturedAt: session?.capturedAt() }),
    }),
  })
  elements.clip.hidden = kept !== undefined
  elements.live.hidden = kept !== undefined
  sound.addEventListener('click', () => {
    video.muted = false
    sound.hidden = true
  })
  setInterval(beat, BEAT_MS)
  video.addEventListener('playing', onPlaying)
  if (kept) {
    if (kept.kind === 'vod') followChat({ api, vod: kept.id, video, lines: replay })
    openKept()
  } else {
    look()
  }
  return {
    /** Something has happened to the channel's broadcast. */
    look: (news) => {
      if (!kept) look(news)
    },
    /** Whoever logs in may watch more. */
    again: () => {
      if (session || isOpening) return
      say()
      if (kept) openKept()
      else look()
    },
  }
}
