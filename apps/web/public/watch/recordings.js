import { clipAddress } from './clip.js'
import { createShelf } from './shelf.js'
import { placeWords } from './words.js'

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' })

/** Where a recording is watched. */
const recordingAddress = (slug, vod) => `#${slug}/vod/${vod}`

/** The recordings of the channel that is shown, `channelId()`; `elements`: element, list, more. */
export const createRecordings = ({ api, elements, slug, channelId }) =>
  createShelf({
    ...elements,
    ask: async (page) => (await api.vods(channelId(), page)).vods,
    // One that has only just begun has nothing to show yet.
    card: ({ id, title, startedAt, seconds, state, thumbnail }) =>
      seconds > 0 && {
        href: recordingAddress(slug, id),
        picture: thumbnail,
        name: title ?? slug,
        words: moment.format(new Date(startedAt)),
        note: state === 'recording' ? 'being recorded' : placeWords(seconds),
      },
  })

/** Its clips. */
export const createClips = ({ api, elements, slug, channelId }) =>
  createShelf({
    ...elements,
    ask: async (page) => (await api.clips(channelId(), page)).clips,
    card: ({ id, title, createdAt, seconds, thumbnail }) => ({
      href: clipAddress(slug, id),
      picture: thumbnail,
      name: title ?? slug,
      words: moment.format(new Date(createdAt)),
      note: placeWords(seconds),
    }),
  })
