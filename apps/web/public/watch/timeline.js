/** Nearer to the live edge than this counts as live. */
export const LIVE_WITHIN_SECONDS = 4
/** So long a stream that was held up is watched where it is, before what was missed is left out. */
const CATCH_UP_AFTER_MS = 5_000

/**
 * Time as a viewer sees it: seconds behind the live edge, or behind the end of what is recorded. `session()` is what plays;
 * `recorded()` is what is known of the recording of what is live: { seconds, askedAt }, if anything. What memory does not
 * reach is opened by `openPast(secondsBehind)`, and left again by `openLive()`.
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

  /** Somebody has gone back, or paused: they are left where they are. */
  let isBack = false
  let lateSince

  const toLive = () => {
    isBack = false
    if (session()?.isLiveToo) return openLive()
    const found = edge()
    if (found) video.currentTime = found.to
    video.play().catch(() => {})
  }

  return {
    behind,
    /** What is shown now is out of memory's reach, as after a long pause. */
    isGone: () => {
      const found = edge()
      return found !== undefined && video.currentTime < found.from
    },
    reach,
    toLive,
    /** Somebody has paused: when they go on they are behind by their own will. */
    hold: () => {
      isBack = true
    },
    /**
     * To be called now and then. The player goes faster where it is a little behind; after a longer hold-up, as of a network
     * that was away, it would stay behind for good.
     */
    catchUp: () => {
      const isLate = !isBack && !video.paused && !session()?.isRecorded && behind() > LIVE_WITHIN_SECONDS
      const now = performance.now()
      if (!isLate) lateSince = undefined
      else lateSince ??= now
      if (!isLate || now - lateSince < CATCH_UP_AFTER_MS) return
      lateSince = undefined
      toLive()
    },
    goTo: (seconds) => {
      const found = edge()
      if (!found) return
      isBack = seconds >= LIVE_WITHIN_SECONDS
      const target = found.to - Math.min(reach(), Math.max(0, seconds))
      if (seconds < LIVE_WITHIN_SECONDS && session().isLiveToo) openLive()
      else if (target < found.from && recorded()) openPast(found.to - target)
      else video.currentTime = Math.max(found.from, target)
    },
  }
}
