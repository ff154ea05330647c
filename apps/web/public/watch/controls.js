import { createPeek } from './peek.js'
import { LIVE_WITHIN_SECONDS } from './timeline.js'
import { behindWords, latencyWords, placeWords } from './words.js'

const SKIP_SECONDS = 5
const LOUDER = 0.1
const TICK_MS = 250

const isTyping = ({ target }) =>
  target.closest?.('input:not([type=range]), textarea, select, dialog, [contenteditable]')

/**
 * Buttons, keys and the bar of time. `elements` by name; `session()` is that which plays now, if any; `now()` is the
 * server's time; `timeline` is what the bar shows.
 */
export const createControls = ({ video, elements, session, timeline, now, onTheatre }) => {
  const { stage, play, mute, volume, seek, live, latency, quality, theatre, pip, full } = elements

  const peek = createPeek({ video, seek, timeline, session })
  let levels = []
  /** Why there is one quality alone, in words. */
  let onlyOne

  const togglePlay = () => {
    if (video.paused) video.play().catch(() => {})
    else video.pause()
  }

  const skip = (seconds) => {
    const behind = timeline.behind()
    if (behind === undefined) return
    const target = Math.min(timeline.reach(), Math.max(0, behind - seconds))
    timeline.goTo(target)
    peek.showForAMoment(target)
  }

  const toggleMute = () => {
    video.muted = !video.muted
  }

  const turn = (by) => {
    video.muted = false
    video.volume = Math.min(1, Math.max(0, video.volume + by))
  }

  const toggleTheatre = () => {
    const isTheatre = document.body.classList.toggle('theatre')
    theatre.setAttribute('aria-pressed', String(isTheatre))
    onTheatre?.(isTheatre)
  }

  const togglePip = () =>
    (document.pictureInPictureElement ? document.exitPictureInPicture() : video.requestPictureInPicture()).catch(
      () => {},
    )

  const toggleFull = () =>
    (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()).catch(() => {})

  const keys = {
    k: togglePlay,
    ' ': togglePlay,
    m: toggleMute,
    f: toggleFull,
    t: toggleTheatre,
    i: togglePip,
    l: timeline.toLive,
    ArrowLeft: () => skip(-SKIP_SECONDS),
    ArrowRight: () => skip(SKIP_SECONDS),
    ArrowUp: () => turn(LOUDER),
    ArrowDown: () => turn(-LOUDER),
  }

  const onKey = (event) => {
    if (stage.hidden || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event))
      return
    // A button that has the focus is pressed by space, and chat is scrolled by arrows; the bar of time goes in the same steps.
    const isOnBar = event.target === seek && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
    const isTheirs = event.target.closest?.('button, a, [role=log], input') && /^( |Arrow.*)$/.test(event.key)
    if (isTheirs && !isOnBar) return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  const showState = () => {
    play.classList.toggle('on', !video.paused)
    play.setAttribute('aria-label', video.paused ? 'Play (k)' : 'Pause (k)')
    const isSilent = video.muted || video.volume === 0
    mute.classList.toggle('on', !isSilent)
    mute.setAttribute('aria-label', isSilent ? 'Sound on (m)' : 'Sound off (m)')
    volume.value = String(video.muted ? 0 : video.volume)
  }

  /** Of what is not live the time is that of the video. */
  const showPlace = () => {
    latency.textContent = session().isLiveToo
      ? ''
      : `${placeWords(video.currentTime)} / ${placeWords(video.duration || 0)}`
    if (!session().isLiveToo) seek.setAttribute('aria-valuetext', placeWords(video.currentTime))
  }

  const showNothing = () => {
    latency.textContent = ''
    live.classList.remove('on')
    live.textContent = 'LIVE'
  }

  const showTime = () => {
    const behind = timeline.behind()
    if (behind === undefined) return showNothing()
    const isLive = behind < LIVE_WITHIN_SECONDS && !session()?.isRecorded
    seek.min = String(-timeline.reach())
    seek.max = '0'
    if (!seek.matches(':active')) seek.value = String(-behind)
    seek.setAttribute('aria-valuetext', isLive ? 'live' : behindWords(behind))
    live.classList.toggle('on', isLive)
    live.textContent = isLive ? 'LIVE' : behindWords(behind)
    if (session()?.isRecorded) return showPlace()
    const capturedAt = session()?.capturedAt()
    latency.textContent = latencyWords(capturedAt === undefined ? undefined : Math.max(0, now() - capturedAt))
  }

  const showQualities = () => {
    const options = ['Auto', ...levels].map((name, index) => {
      const option = document.createElement('option')
      option.value = String(index - 1)
      option.textContent = name
      return option
    })
    if (onlyOne) {
      const why = document.createElement('option')
      why.disabled = true
      why.textContent = onlyOne
      options.push(why)
    }
    quality.replaceChildren(...options)
    quality.value = String(session()?.chosen() ?? -1)
    quality.title = onlyOne ?? ''
  }

  const showLevels = (names) => {
    levels = names
    showQualities()
  }

  const showWhyOne = (words) => {
    // The menu may be open: it is left alone where nothing is new.
    if (words === onlyOne) return
    onlyOne = words
    showQualities()
  }

  play.addEventListener('click', togglePlay)
  video.addEventListener('click', togglePlay)
  mute.addEventListener('click', toggleMute)
  volume.addEventListener('input', () => {
    video.volume = Number(volume.value)
    video.muted = video.volume === 0
  })
  seek.addEventListener('change', () => {
    timeline.goTo(-Number(seek.value))
  })
  live.addEventListener('click', timeline.toLive)
  quality.addEventListener('change', () => session()?.choose(Number(quality.value)))
  theatre.addEventListener('click', toggleTheatre)
  pip.addEventListener('click', togglePip)
  full.addEventListener('click', toggleFull)
  pip.hidden = !document.pictureInPictureEnabled
  for (const event of ['play', 'pause', 'emptied', 'volumechange']) video.addEventListener(event, showState)
  addEventListener('keydown', onKey)
  setInterval(() => {
    timeline.catchUp()
    showTime()
  }, TICK_MS)
  showState()
  return { showLevels, showWhyOne }
}
