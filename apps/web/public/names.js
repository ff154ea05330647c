/**
 * Texts that say the names of what is known by its id alone. `ask(id)` is asked once of each; where it fails, the text goes
 * on saying `meanwhile(id)`, and the next one asks again.
 */
export const createTexts = ({ ask, meanwhile }) => {
  const asked = new Map()

  const nameOf = async (id) => {
    try {
      return await ask(id)
    } catch {
      asked.delete(id)
      return meanwhile(id)
    }
  }

  return (id) => {
    const text = document.createTextNode(meanwhile(id))
    if (!asked.has(id)) asked.set(id, nameOf(id))
    asked.get(id).then((name) => {
      text.data = name
    })
    return text
  }
}

/** Names of accounts: of who was here, or by asking the server. Whoever is erased has none. */
export const createNames = ({ api, people }) => {
  const asking = createTexts({
    ask: async (id) => {
      const { displayName: name } = await api.account(id)
      people.remember({ id, name })
      return name
    },
    meanwhile: people.nameOf,
  })
  return { text: (id) => (people.knows(id) ? document.createTextNode(people.nameOf(id)) : asking(id)) }
}
