import { button, create } from '../dom.js'

const MOST = 4

/**
 * Pictures that go with the next message. `elements`: attach (button), attachFiles (input), attached (list).
 * `upload(file)` resolves with what a message names it by; `say(words, isWarning)`.
 */
export const createUploads = ({ elements, upload, say, onError }) => {
  const { attach, attachFiles, attached } = elements
  /** { file, address, id? }: those without an id are on their way. */
  let pictures = []

  const draw = () => {
    attached.replaceChildren(
      ...pictures.map((picture) => {
        const { file, address, id } = picture
        const image = create('img', { src: address, alt: file.name })
        const leave = button('✕', () => remove(picture), { 'aria-label': `Leave out ${file.name}` })
        return create('li', { class: id ? undefined : 'coming' }, image, leave)
      }),
    )
    attached.hidden = pictures.length === 0
  }

  const keep = (isKept) => {
    for (const picture of pictures) if (!isKept(picture)) URL.revokeObjectURL(picture.address)
    pictures = pictures.filter(isKept)
    draw()
  }
  const remove = (picture) => keep((each) => each !== picture)
  const drop = () => keep(() => false)

  const add = (file, id) => {
    const picture = { file, id, address: URL.createObjectURL(file) }
    pictures.push(picture)
    draw()
    return picture
  }

  const send = async (file) => {
    const picture = add(file)
    try {
      picture.id = await upload(file)
      draw()
    } catch (error) {
      remove(picture)
      onError(error)
    }
  }

  attach.addEventListener('click', () => attachFiles.click())
  attachFiles.addEventListener('change', () => {
    const files = [...attachFiles.files]
    attachFiles.value = ''
    const room = MOST - pictures.length
    if (files.length > room) say(`A message shows ${MOST} pictures at most.`, true)
    for (const file of files.slice(0, room)) send(file)
  })

  return {
    /** Whether the channel takes pictures from whoever writes. */
    offer: (isOffered) => {
      attach.hidden = !isOffered
      if (!isOffered) drop()
    },
    waits: () => (pictures.some(({ id }) => !id) ? 'Your pictures are still on their way.' : undefined),
    stands: () => pictures.length > 0,
    take: () => {
      const uploads = pictures.map(({ file, id }) => ({ file, id }))
      drop()
      return uploads.length === 0 ? {} : { uploads }
    },
    give: ({ uploads = [] }) => {
      drop()
      for (const { file, id } of uploads) add(file, id)
    },
    drop,
  }
}
