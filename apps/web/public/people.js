/** A hue for a person, the same wherever they are shown. */
export const hueOf = (id) => {
  let hash = 0
  for (const character of id) hash = (hash * 31 + character.codePointAt(0)) >>> 0
  return (hash * 47) % 360
}

export const face = (person) => {
  const element = document.createElement('span')
  element.className = 'face'
  element.setAttribute('aria-hidden', 'true')
  element.textContent = [...person.name][0] ?? '?'
  element.style.setProperty('--hue', hueOf(person.id))
  return element
}

/** Who is here: the list beside the chat, and names for those who are known by id alone. */
export const createPeople = ({ list, count, others }) => {
  const present = new Map()
  const known = new Map()

  const render = (total) => {
    const sorted = [...present].sort(([, a], [, b]) => a.name.localeCompare(b.name))
    list.replaceChildren(
      ...sorted.map(([id, { name, afk }]) => {
        const item = document.createElement('li')
        const label = document.createElement('span')
        label.textContent = afk ? `${name} (away)` : name
        item.append(face({ id, name }), label)
        return item
      }),
    )
    count.textContent = total.toLocaleString()
    const watching = Math.max(0, total - present.size)
    const nobody = present.size === 0
    others.textContent =
      watching === 0 ? '' : nobody ? `${watching.toLocaleString()} watching` : `and ${watching.toLocaleString()} more`
  }

  return {
    remember: ({ id, name }) => known.set(id, name),
    knows: (id) => known.has(id),
    nameOf: (id) => known.get(id) ?? `account ${id}`,
    update: ({ count: total, members, joined = [], left = [] }) => {
      if (members) present.clear()
      for (const { id, name, afk } of [...(members ?? []), ...joined]) {
        present.set(id, { name, afk })
        known.set(id, name)
      }
      for (const id of left) present.delete(id)
      render(total)
    },
  }
}
