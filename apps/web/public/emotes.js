/** Whoever wants no motion sees emotes that stand still. */
const still = matchMedia('(prefers-reduced-motion: reduce)').matches ? '-still' : ''

const sizes = ['1x', '2x', '3x', '4x']

const addressOf = (id, size) => `/v1/emotes/${encodeURIComponent(id)}/${size}${still}`

export const pictureOf = ({ id, name, modifiers = [] }) => {
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
