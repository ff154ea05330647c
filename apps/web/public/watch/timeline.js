/** Nearer to the live edge than this counts as live. */
export const LIVE_WITHIN_SECONDS = 4
/** So long a stream that was held up is watched where it is, before what was missed is left out. */
const CATCH_UP_AFTER_MS = 5_000

/**
 * Time as a viewer sees it: seconds behind the live edge, or behind the end of what is recorded. `session()` is what plays;
 * `recorded()` is what is known of the recording of what is live: { seconds, askedAt }, if anything. What memory does not
 * reach is opened by `openPast(secondsBehind)`, and left again by `openLive()`.
 *
 * Whoever pauses does so by a button, a key of the keyboard or the window of picture in picture: the video tells of all.
 */
export const createTimeline = ({ video, session, recorded, openPast, openLive }) => {
  const edge = () => {
    const { seekable } = video
    if (!session() || seekable.length === 0) return undefined
    const end = seekable.end(seekable.length - 1)
    return { from: session().reachesFrom(), to: session().isRecorded ? end : (session().liveAt() ?? end) }
  }

  const behind = () => {
    const found = edge()
    return found && Math.max(0, found.to - video.currentTime)
  }

  /** How far back one can go, in seconds. */
  const reach = () => {
    const found = edge()
    if (!found) return 0
    const known = session().isRecorded ? undefined : recorded()
    return Math.max(found.to - found.from, known ? known.seconds + (performance.now() - known.askedAt) / 1000 : 0)
  }

  /** Somebody has gone back, or paused: they are left where they are, until they are at the live edge again. */
  let isBack = false
  let isPausedByHand = false
  let lateSince

  const toLive = () => {
    isBack = false
    isPausedByHand = false
    if (session()?.isLiveToo) return openLive()
    const found = edge()
    if (found) video.currentTime = found.to
    video.play().catch(() => {})
  }

  const goTo = (seconds) => {
    const found = edge()
    if (!found) return
    isBack = seconds >= LIVE_WITHIN_SECONDS
    const target = found.to - Math.min(reach(), Math.max(0, seconds))
    if (seconds < LIVE_WITHIN_SECONDS && session().isLiveToo) openLive()
    else if (target < found.from && recorded()) openPast(found.to - target)
    else video.currentTime = Math.max(found.from, target)
  }

  /** What is shown now is out of memory's reach, as after a long pause. */
  const isGone = () => {
    const found = edge()
    return found !== undefined && video.currentTime < found.from
  }

  // A video that waits for media is not paused; one that has come to its end is, by nobody.
  video.addEventListener('pause', () => {
    if (video.ended) return
    isBack = true
    isPausedByHand = true
  })
  video.addEventListener('play', () => {
    // What was missed meanwhile may be out of memory: it goes on where it was, as far as that is kept.
    if (isPausedByHand && isGone()) goTo(behind())
    isPausedByHand = false
  })

  return {
    behind,
    reach,
    toLive,
    goTo,
    isPausedByHand: () => isPausedByHand,
    /**
     * To be called now and then. The player goes faster where it is a little behind; after a longer hold-up, as of a network
     * that was away, it would stay behind for good.
     */
    catchUp: () => {
      const isLive = !video.paused && !session()?.isRecorded
      if (isLive && behind() <= LIVE_WITHIN_SECONDS) isBack = false
      const isLate = isLive && !isBack && behind() > LIVE_WITHIN_SECONDS
      const now = performance.now()
      if (!isLate) lateSince = undefined
      else lateSince ??= now
      if (!isLate || now - lateSince < CATCH_UP_AFTER_MS) return
      lateSince = undefined
      toLive()
    },
  }
}
