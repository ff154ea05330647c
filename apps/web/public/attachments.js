/** A line may be there a moment before its pictures can be asked for. */
const AGAIN_MS = 1000
const TRIES = 5

const thumb = (address, author, number) => {
  const picture = document.createElement('img')
  let left = TRIES
  picture.addEventListener('error', () => {
    left -= 1
    // What was deleted meanwhile is not there at all.
    if (left === 0) picture.closest('a')?.remove()
    else setTimeout(() => picture.setAttribute('src', address('thumb')), AGAIN_MS)
  })
  picture.alt = `Picture ${number} of ${author.name}`
  picture.loading = 'lazy'
  picture.decoding = 'async'
  picture.src = address('thumb')
  return picture
}

/** The pictures of a line, small, each of which leads to the whole. `addressOf(line, attachment, size)`. */
export const drawAttachments = (line, addressOf) =>
  (line.attachments ?? []).map(({ id, width, height }, index) => {
    const address = (size) => addressOf(line, id, size)
    const link = document.createElement('a')
    link.className = 'attachment'
    link.href = address('full')
    link.target = '_blank'
    link.rel = 'noopener'
    // Its place is kept while it comes.
    link.style.aspectRatio = `${width} / ${height}`
    link.append(thumb(address, line.author, index + 1))
    return link
  })
