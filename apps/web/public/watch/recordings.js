import { cardOf } from './card.js'
import { placeWords } from './words.js'

const PAGE = 20

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' })

/** Where a recording is watched. */
const recordingAddress = (slug, vod) => `#${slug}/vod/${vod}`

/**
 * The recordings of the channel that is shown, `channelId()`, the latest first; hidden where there is none. `element` is
 * opened and closed by whoever looks, `more` brings those before.
 */
export const createRecordings = ({ api, element, list, more, slug, channelId }) => {
  let last
  let looking

  const card = ({ id, title, startedAt, seconds, state, thumbnail }) =>
    cardOf({
      href: recordingAddress(slug, id),
      picture: thumbnail,
      name: title ?? slug,
      words: moment.format(new Date(startedAt)),
      note: state === 'recording' ? 'being recorded' : placeWords(seconds),
    })

  const page = async (before) => {
    const { vods } = await api.vods(channelId(), { limit: PAGE, before })
    last = vods.at(-1)?.id
    more.hidden = vods.length < PAGE
    // One that has only just begun has nothing to show yet.
    return vods.filter(({ seconds }) => seconds > 0).map(card)
  }

  const look = async () => {
    const mine = {}
    looking = mine
    try {
      const cards = await page()
      if (looking !== mine) return
      list.replaceChildren(...cards)
      element.hidden = cards.length === 0
    } catch {
      // The list stays as it was.
    }
  }

  element.addEventListener('toggle', () => {
    if (element.open) look()
  })
  more.addEventListener('click', async () => {
    more.disabled = true
    await page(last)
      .then((cards) => list.append(...cards))
      .catch(() => {})
    more.disabled = false
  })
  return { look }
}
