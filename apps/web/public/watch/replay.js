/** What was said shortly before is shown, too, where somebody comes in. */
const BACK_SECONDS = 30
const AHEAD_SECONDS = 15
const PAGE_SECONDS = 60
const AGAIN_MS = 5_000

/** Times of the video as the server takes them: with milliseconds. */
const exact = (seconds) => Math.floor(seconds * 1000) / 1000

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const lineOf = ({ author, at, ...message }) => ({
  ...message,
  at: Date.parse(at),
  author: { id: author.id, name: author.name ?? `account ${author.id}` },
})

/** What is asked for after a page: the rest of its time, or what comes behind that. */
const pageAfter = ({ at, to }, { messages, next }) =>
  next === null ? { at: to, knownTo: to } : { at, to, after: next, knownTo: messages.at(-1).seconds }

/**
 * The chat beside a recording, as `lines` that follow the video's time, also after a seek. It is read a little ahead, so
 * that what waits is bounded by what was said in that time.
 */
export const followChat = ({ api, vod, video, lines }) => {
  /** What is not reached yet, in its order. */
  let coming = []
  /** What is asked for next: from `at` to `to`, in seconds; all before `knownTo` is here. */
  let page
  let loading

  const load = async (asked, end) => {
    const { at, to = Math.min(end, exact(at + PAGE_SECONDS)), after } = asked
    loading = asked
    try {
      const found = await api.vodChat(vod, { at, for: exact(to - at), after })
      // Somebody is elsewhere in the video meanwhile.
      if (page !== asked) return
      coming.push(...found.messages)
      page = pageAfter({ at, to }, found)
    } catch {
      await pause(AGAIN_MS)
      if (loading === asked) loading = undefined
    }
    tick()
  }

  const tick = () => {
    if (video.seeking || !video.duration) return
    const { currentTime: now } = video
    const end = exact(video.duration)
    while (coming[0]?.seconds <= now) lines.message(lineOf(coming.shift()))
    if (loading !== page && page.knownTo < Math.min(end, now + AHEAD_SECONDS)) load(page, end)
  }

  const beginAnew = () => {
    const at = exact(Math.max(0, video.currentTime - BACK_SECONDS))
    coming = []
    page = { at, knownTo: at }
    lines.clear()
  }

  beginAnew()
  video.addEventListener('seeking', beginAnew)
  for (const event of ['durationchange', 'seeked', 'timeupdate']) video.addEventListener(event, tick)
}
