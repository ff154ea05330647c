import { createLines } from './lines.js'

/** Lines around one that is shown apart. */
const AROUND = 25

/**
 * Goes to a line that is not on the page: the chat is read back to it, or, where it lies too far back, what was said around
 * it is shown apart. `elements`: dialog, and list, scroll and jump in it; `pictureOf` as lines have it.
 */
export const createThen = ({ elements, api, channelId, lines, history, pictureOf, onError }) => {
  const { dialog, ...places } = elements
  let sought

  const messageOf = (id) => api.message(channelId(), id)
  const past = createLines({
    ...places,
    hasMenu: () => false,
    onTrim: () => {},
    messageOf,
    pictureOf,
    onAbsent: (id) => go(id),
  })

  const apart = async (id, read = api.around) => {
    const around = await read(channelId(), id, AROUND)
    if (sought !== id) return
    past.clear()
    if (!dialog.open) dialog.showModal()
    past.prepend(around)
    past.toLine(id)
  }

  const look = async (id) => {
    const line = await messageOf(id)
    if (!line || sought !== id) return
    if (dialog.open || !(await history.backTo(line.seq))) return apart(id)
    // Of whom one blocks nothing is on the page.
    if (sought === id && lines.get(id)) lines.toLine(id)
  }

  const go = (id) => {
    sought = id
    look(id).catch(onError)
  }

  return {
    go,
    /** What was said around a message, whatever has become of it: for moderators. */
    show: (id) => {
      sought = id
      apart(id, api.aroundDeleted).catch(onError)
    },
  }
}
