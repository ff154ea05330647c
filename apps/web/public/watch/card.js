/** A link with what there is to see of a video: `picture` is an address, which may be none. */
export const cardOf = ({ href, picture, name, words, note }) => {
  const link = document.createElement('a')
  link.href = href
  link.className = 'card'
  if (picture) {
    const image = document.createElement('img')
    image.alt = ''
    image.loading = 'lazy'
    image.width = 160
    image.height = 90
    // Where there is none, none is shown.
    image.addEventListener('error', () => image.remove())
    image.src = picture
    link.append(image)
  }
  const texts = { strong: name, span: words, small: note }
  for (const [tag, text] of Object.entries(texts)) {
    const element = document.createElement(tag)
    element.textContent = text
    link.append(element)
  }
  return link
}
