import { button, create } from '../dom.js'

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/**
 * Accounts that are taken for one person's, why, and how to say that they are or are not. `link(handle, evidence)` resolves
 * with whether it was done; `unlink(link)`.
 */
export const createAlts = ({ names, link, unlink }) => {
  const list = create('ul', { class: 'waiting' })
  const handle = create('input', {
    placeholder: 'Their other handle',
    'aria-label': 'Their other handle',
    required: '',
    maxlength: '26',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
  })
  const evidence = create('input', {
    placeholder: 'What speaks for it',
    'aria-label': 'What speaks for it',
    maxlength: '512',
    autocomplete: 'off',
  })
  const form = create(
    'form',
    { class: 'asks', 'aria-label': 'Link another account' },
    handle,
    evidence,
    button('Link', () => {}, { type: 'submit' }),
  )
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (await link(handle.value.trim(), evidence.value.trim() || undefined)) form.reset()
  })
  const count = create('span', { class: 'count' })
  const element = create('details', {}, create('summary', {}, 'Other accounts of theirs ', count), list, form)

  let isAny = false

  return {
    element,
    /** Links of whoever is looked at now, over however many: some may be of two others. */
    show: (links) => {
      if (!isAny && links.length > 0) element.open = true
      isAny = links.length > 0
      count.textContent = links.length === 0 ? '' : links.length
      list.replaceChildren(
        ...links.map((each) => {
          const { memberId, altId, actorId, evidence: why, since } = each
          return create(
            'li',
            {},
            create('strong', {}, names.text(memberId)),
            ' and ',
            create('strong', {}, names.text(altId)),
            why ? `: ${why}` : '',
            create('p', { class: 'explains' }, 'Linked by ', names.text(actorId), `, ${day.format(Date.parse(since))}`),
            button('Unlink', () => unlink(each)),
          )
        }),
      )
    },
    clear: () => {
      element.open = false
      isAny = false
      list.replaceChildren()
      count.textContent = ''
      form.reset()
    },
  }
}
