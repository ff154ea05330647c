/** The element of the page with this id. */
export const element = (id) => document.getElementById(id)

const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Elements of the page by what scripts call them: `newKey` is `#new-key`, with the prefix `studio` `#studio-new-key`. */
export const elementsOf = (names, prefix) =>
  Object.fromEntries(names.map((name) => [name, element(kebab(prefix ? `${prefix}-${name}` : name))]))

/** A new element: attributes that are undefined are left out; children are elements and texts. */
export const create = (name, attributes = {}, ...children) => {
  const created = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) created.setAttribute(key, value)
  created.append(...children)
  return created
}

export const button = (words, onClick, attributes = {}) => {
  const created = create('button', { type: 'button', class: 'quiet', ...attributes }, words)
  created.addEventListener('click', onClick)
  return created
}
