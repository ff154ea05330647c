import Hls, { ErrorDetails, ErrorTypes, Events } from '/vendor/hls.js'
import { openStoryboard } from './storyboard.js'

/** Soon enough that no request is sent with a token that is over. */
const RENEW_BEFORE_MS = 90_000
const AGAIN_MS = 1_000
const AGAIN_MOST_MS = 10_000

/** The server is away, or has too much to do: it may answer otherwise in a moment. */
const isPassing = ({ status }) => status === undefined || status >= 500 || status === 429

/** At the live edge, or from `startAt` on where a recording is played, which may still grow. */
const tuning = (startAt) =>
  startAt === undefined
    ? {
        lowLatencyMode: true,
        maxLiveSyncPlaybackRate: 1.5,
        // At the last keyframe before where it would begin: nothing has to be decoded that is not shown.
        startOnSegmentBoundary: true,
      }
    : { lowLatencyMode: false, startPosition: startAt }

/**
 * Plays one broadcast in a video element, at low latency, and comes back by itself from whatever can be come back from.
 *
 * A recording is played where `startAt` is given, in seconds; `isLiveToo` where that of what is live now. Of one that is
 * whole there may be pictures.
 *
 * `playback()` gives { url, token, expiresAt, storyboard }, and rejects with a problem's `code`. `on`: levels(names), failing(words),
 * fine(), over(code, problem).
 */
export const openSession = ({ video, playback: ask, on: listener, startAt, isLiveToo = false, isWhole = false }) => {
  let hls
  let playback = ask
  let on = listener
  /** How it went last, for who takes it over. */
  let told
  let token
  let renewal
  let retry
  let failures = 0
  let closed = false
  /** Where a recording begins when it is opened again: nothing of it is played twice. */
  let goesOnAt = startAt
  let storyboard

  const tell = (what, ...words) => {
    told = [what, ...words]
    on[what](...words)
  }

  const renewAfter = (ms) => {
    clearTimeout(renewal)
    renewal = setTimeout(renew, ms)
  }

  const keepToken = ({ token: given, expiresAt }) => {
    token = given
    if (given) renewAfter(Math.max(AGAIN_MS, Date.parse(expiresAt) - Date.now() - RENEW_BEFORE_MS))
  }

  /** Who may watch no more is told so; a server that is away for a moment is asked again while the token is good. */
  const renew = async () => {
    try {
      const given = await playback()
      if (!closed) keepToken(given)
    } catch (error) {
      if (closed) return
      if (isPassing(error)) renewAfter(AGAIN_MOST_MS)
      else tell('over', error.code, error.problem)
    }
  }

  const withToken = (xhr, address) => {
    if (!token) return
    const url = new URL(address, document.baseURI)
    url.searchParams.set('token', token)
    xhr.open('GET', url.href, true)
  }

  const names = (levels) =>
    levels.map(({ height, bitrate }) => (height ? `${height}p` : `${Math.round(bitrate / 1000)} kbit/s`))

  const again = (words) => {
    if (closed) return
    tell('failing', words)
    if (startAt !== undefined && video.currentTime > 0) goesOnAt = video.currentTime
    hls?.destroy()
    hls = undefined
    clearTimeout(retry)
    retry = setTimeout(start, Math.min(AGAIN_MOST_MS, AGAIN_MS * 2 ** failures++))
  }

  const failed = (_event, { fatal, type, details, response }) => {
    if (!fatal) return
    if (details === ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR || type === ErrorTypes.KEY_SYSTEM_ERROR)
      return tell('over', 'browser.cannot_play')
    if (type === ErrorTypes.MEDIA_ERROR && failures === 0) {
      failures++
      hls.recoverMediaError()
      return
    }
    if (response?.code === 401 || response?.code === 403) return again('Asking again whether you may watch…')
    again('The video does not come through. Trying again…')
  }

  /** It begins with the first picture that is there: the library would go there a few parts later. */
  const toFirst = () => {
    if (video.buffered.length === 0) return
    hls.off(Events.BUFFER_APPENDED, toFirst)
    const from = video.buffered.start(0)
    if (video.currentTime < from) video.currentTime = from
  }

  const native = ({ url }) => {
    video.src = url
    on.levels([])
    video.onerror = () => again('The video does not come through. Trying again…')
  }

  const start = async () => {
    let given
    try {
      given = await playback()
    } catch (error) {
      if (isPassing(error)) again('The server cannot be reached. Trying again…')
      else tell('over', error.code, error.problem)
      return
    }
    if (closed) return
    keepToken(given)
    if (isWhole && !storyboard) storyboard = openStoryboard(given.storyboard)
    if (!Hls.isSupported()) {
      if (video.canPlayType('application/vnd.apple.mpegurl')) native(given)
      else tell('over', 'browser.cannot_play')
      return
    }
    hls = new Hls({
      ...tuning(goesOnAt),
      backBufferLength: 60,
      // What is measured by the first parts is enough: none is loaded for that alone.
      testBandwidth: false,
      // Parts are repackaged by nobody: a worker would only pass them on.
      enableWorker: false,
      xhrSetup: withToken,
    })
    if (goesOnAt === undefined) hls.on(Events.BUFFER_APPENDED, toFirst)
    hls.on(Events.MANIFEST_PARSED, () => on.levels(names(hls.levels)))
    hls.on(Events.ERROR, failed)
    hls.on(Events.FRAG_BUFFERED, () => {
      failures = 0
      tell('fine')
    })
    // The source of media opens while the playlists are fetched.
    hls.attachMedia(video)
    hls.loadSource(given.url)
  }

  start()
  return {
    isRecorded: startAt !== undefined,
    isLiveToo,
    /** From here on another one is told, and asked where to play from: first of how it is now. */
    adopt: (taker, from) => {
      on = taker
      playback = from
      if (hls?.levels.length > 0) on.levels(names(hls.levels))
      if (told) on[told[0]](...told.slice(1))
    },
    /** Pictures along its time, of what is recorded. */
    get storyboard() {
      return storyboard
    },
    /** -1: chosen by what the connection takes. */
    choose: (level) => {
      if (hls) hls.nextLevel = level
    },
    chosen: () => (hls && !hls.autoLevelEnabled ? hls.nextLevel : -1),
    /** When what is shown now was captured, by the broadcaster's side; undefined where that is not told. */
    capturedAt: () => hls?.playingDate?.getTime(),
    /** Where what can be had begins, on the video's own clock: the video believes that it can go back to where it began. */
    reachesFrom: () =>
      hls?.latestLevelDetails?.fragmentStart ?? (video.seekable.length > 0 ? video.seekable.start(0) : 0),
    /** Where the live edge is on the video's own clock. */
    liveAt: () =>
      hls?.liveSyncPosition ?? (video.seekable.length > 0 ? video.seekable.end(video.seekable.length - 1) : 0),
    close: () => {
      closed = true
      clearTimeout(renewal)
      clearTimeout(retry)
      hls?.destroy()
      video.removeAttribute('src')
    },
  }
}
