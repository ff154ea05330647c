import { askRecorded } from './recorded.js'
import { clipWords } from './words.js'

const CLIP_SECONDS = 30
const LOOK_MS = 500
const MOST_LOOKS = 120

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Where a clip is watched. */
export const clipAddress = (slug, clip) => `#${slug}/clip/${clip}`

/**
 * The button that keeps the last half minute of what is shown. `shown()` gives { id, title, capturedAt } of what is live,
 * with `seconds` instead of `capturedAt` where its recording is watched.
 */
export const createClipping = ({ api, slug, elements, shown }) => {
  const { clip: button, clipNote: note } = elements

  const say = (words, address) => {
    const link = document.createElement('a')
    link.href = address ?? ''
    link.textContent = words
    note.replaceChildren(address ? link : words)
    note.hidden = false
  }

  /** @returns why there is none, as a code; `position` is where the server knows of it from. */
  const failure = async (id, position) => {
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const found = await api.clip(id, position).catch(() => undefined)
      if (found?.state === 'made') return undefined
      if (found?.state === 'failed') return found.problem ?? 'failed'
      await pause(LOOK_MS)
    }
    return 'failed'
  }

  const clip = async () => {
    const { id, title, capturedAt, seconds } = shown()
    const recorded = await askRecorded(api, id)
    if (!recorded) return say(clipWords('broadcast.vod_unknown'))
    const to = seconds ?? recorded.at(capturedAt ?? Number.POSITIVE_INFINITY)
    const asked = { title: title ?? slug, from: Math.max(0, to - CLIP_SECONDS), to }
    const { clipId, position } = await api.makeClip(id, asked)
    say(clipWords('making'))
    const why = await failure(clipId, position)
    if (why) say(clipWords(why))
    else say('Your clip is made: watch it, or pass the link on', clipAddress(slug, clipId))
  }

  button.addEventListener('click', async () => {
    button.disabled = true
    try {
      await clip()
    } catch (error) {
      say(clipWords(error.code) ?? error.message)
    } finally {
      button.disabled = false
    }
  })
}
