import { cardOf } from './card.js'

const PAGE = 20

/**
 * A list of what a channel has kept, the latest first; hidden where there is nothing. `element` is opened and closed by
 * whoever looks, `more` brings those before. `ask({ limit, before })` gives a page, `card(item)` what is shown of one,
 * nothing of one that is not to be shown.
 */
export const createShelf = ({ element, list, more, ask, card }) => {
  let last
  let looking

  const page = async (before) => {
    const items = await ask({ limit: PAGE, before })
    last = items.at(-1)?.id
    more.hidden = items.length < PAGE
    return items.map(card).filter(Boolean).map(cardOf)
  }

  const look = async () => {
    const mine = {}
    looking = mine
    try {
      const cards = await page()
      if (looking !== mine) return
      list.replaceChildren(...cards)
      element.hidden = cards.length === 0
    } catch {
      // The list stays as it was.
    }
  }

  element.addEventListener('toggle', () => {
    if (element.open) look()
  })
  more.addEventListener('click', async () => {
    more.disabled = true
    await page(last)
      .then((cards) => list.append(...cards))
      .catch(() => {})
    more.disabled = false
  })
  return { look }
}
