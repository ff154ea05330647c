import { cardOf } from './card.js'

const LOOK_MS = 15_000
const NEWS_MS = 20_000

const card = ({ slug, channelId, title, viewers, preview }) =>
  cardOf({
    href: `#${slug ?? channelId}`,
    // Another picture each time.
    picture: preview && `${preview}?at=${Math.floor(Date.now() / LOOK_MS)}`,
    name: slug ?? channelId,
    words: title ?? '',
    note: `${viewers} watching`,
  })

/** One line of news: `name` is live, until somebody closes it, or it was there for long enough and nobody is at it. */
const newsOf = (name) => {
  const [item, link, close] = ['p', 'a', 'button'].map((tag) => document.createElement(tag))
  link.href = `#${name}`
  link.textContent = `${name} is live now`
  close.type = 'button'
  close.className = 'quiet'
  close.textContent = '✕'
  close.setAttribute('aria-label', 'Close')
  close.addEventListener('click', () => item.remove())
  const leave = () => {
    if (item.matches(':hover, :focus-within')) setTimeout(leave, NEWS_MS)
    else item.remove()
  }
  setTimeout(leave, NEWS_MS)
  item.append(link, close)
  return item
}

/** Who is live now, apart from the channel that is shown; in `news`, who of those that are followed has just begun. */
export const createOnAir = ({ api, element, list, news, channelId }) => {
  /** Broadcasts that were told of. */
  const told = new Set()

  const look = async () => {
    try {
      const { broadcasts } = await api.broadcasts()
      const others = broadcasts.filter((broadcast) => broadcast.channelId !== channelId())
      list.replaceChildren(...others.map(card))
      element.hidden = others.length === 0
    } catch {
      // The list stays as it was.
    }
  }

  const tell = async ({ channel, broadcast }) => {
    if (told.has(broadcast)) return
    told.add(broadcast)
    const { slug } = await api.channelById(channel)
    news.append(newsOf(slug ?? channel))
  }

  setInterval(look, LOOK_MS)
  return {
    look,
    /** A live frame says what has become of a broadcast. */
    happened: (frame) => {
      look()
      // Whose name cannot be had is in the list.
      if (frame.state === 'live' && frame.channel !== channelId()) tell(frame).catch(() => {})
    },
  }
}
