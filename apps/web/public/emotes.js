/** Whoever wants no motion sees emotes that stand still. */
const still = matchMedia('(prefers-reduced-motion: reduce)').matches ? '-still' : ''

const sizes = ['1x', '2x', '3x', '4x']

const addressOf = (id, size) => `/v1/emotes/${encodeURIComponent(id)}/${size}${still}`

const pictureOf = ({ id, name, modifiers = [] }) => {
  const picture = document.createElement('img')
  picture.className = ['emote', ...modifiers.map((modifier) => `emote-${modifier}`)].join(' ')
  picture.src = addressOf(id, '1x')
  picture.srcset = sizes.map((size) => `${addressOf(id, size)} ${size}`).join(', ')
  picture.alt = name
  picture.title = [name, ...modifiers].join(':')
  picture.loading = 'lazy'
  picture.decoding = 'async'
  return picture
}

/** The words of a line with its emotes drawn, and how many have said the same in a row. */
export const drawWords = ({ text, entities = [], combo }) => {
  const words = document.createDocumentFragment()
  let from = 0
  for (const entity of entities) {
    if (entity.kind !== 'emote' || entity.from < from) continue
    words.append(text.slice(from, entity.from), pictureOf(entity))
    from = entity.to
  }
  words.append(text.slice(from))
  if (combo) {
    const count = document.createElement('span')
    count.className = 'combo'
    count.textContent = `×${combo}`
    words.append(' ', count)
  }
  return words
}
