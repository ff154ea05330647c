const LOOK_MS = 15_000

const card = ({ slug, channelId, title, viewers, preview }) => {
  const link = document.createElement('a')
  link.href = `#${slug ?? channelId}`
  link.className = 'card'
  if (preview) {
    const image = document.createElement('img')
    image.alt = ''
    image.loading = 'lazy'
    image.width = 160
    image.height = 90
    // Another picture each time; where there is none, none is shown.
    image.src = `${preview}?at=${Math.floor(Date.now() / LOOK_MS)}`
    image.addEventListener('error', () => image.remove())
    link.append(image)
  }
  const [name, words, count] = ['strong', 'span', 'small'].map((tag) => document.createElement(tag))
  name.textContent = slug ?? channelId
  words.textContent = title ?? ''
  count.textContent = `${viewers} watching`
  link.append(name, words, count)
  return link
}

/** Who is live now, apart from the channel that is shown. */
export const createOnAir = ({ api, element, list, channelId }) => {
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
  setInterval(look, LOOK_MS)
  return { look }
}
