/**
 * Names of accounts that are known by their ids alone: of who was here, or by asking the server, once each.
 */
export const createNames = ({ api, people }) => {
  const asked = new Map()

  const ask = async (id) => {
    try {
      const { displayName: name } = await api.account(id)
      people.remember({ id, name })
      return name
    } catch {
      // Whoever is erased has none, and who cannot be asked for now is asked for again.
      asked.delete(id)
      return people.nameOf(id)
    }
  }

  return {
    /** A text that says the name, by its number until it is known. */
    text: (id) => {
      const text = document.createTextNode(people.nameOf(id))
      if (people.knows(id)) return text
      if (!asked.has(id)) asked.set(id, ask(id))
      asked.get(id).then((name) => {
        text.data = name
      })
      return text
    },
  }
}
