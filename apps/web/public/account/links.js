import { onSubmit, tell } from './form.js'

/** What links of mails are for: what is said, what is asked for, and what is done with the secret. */
const purposes = {
  'confirm-email': {
    title: 'Confirm your address',
    words: 'Is mail for your account to go to the address at which you found this link?',
    work: async (api, secret) =>
      (await api.confirmEmail(secret))?.state === 'other_address'
        ? 'Confirmed here. The mail to your other address has a link to confirm as well.'
        : 'Your address is confirmed.',
  },
  'reset-password': {
    title: 'Choose a new password',
    words: 'It takes the place of the one that you had, and everybody who is logged in by it is logged out.',
    wantsPassword: true,
    work: async (api, secret, password) => {
      await api.resetPassword(secret, password)
      return 'Your password is changed. Log in with it.'
    },
  },
  'keep-factors': {
    title: 'Keep your second factors',
    words: 'Codes and passkeys of your account were to be taken away. Are they to stay?',
    work: async (api, secret) => {
      await api.keepFactors(secret)
      return 'They stay.'
    },
  },
}

/** The link by which the page was opened, taken out of the address: its secret is to stand in no history. */
const takeLink = () => {
  const [, name, secret] = /^#([a-z-]+)=([A-Za-z0-9_-]{43})$/.exec(location.hash) ?? []
  if (!Object.hasOwn(purposes, name ?? '')) return undefined
  history.replaceState(null, '', location.pathname)
  return { purpose: purposes[name], secret }
}

const markup = `
  <form method="dialog" class="close"><button type="submit" class="quiet" aria-label="Close">✕</button></form>
  <h2 id="link-title"></h2>
  <p class="explains" id="link-words" role="status"></p>
  <form id="link-form">
    <label hidden>The new password
      <input name="password" type="password" autocomplete="new-password" required minlength="8" disabled>
    </label>
    <p class="problem" id="link-problem" role="alert" hidden></p>
    <button type="submit" class="primary">Go on</button>
  </form>`

/** Asks whoever came by the link of a mail, and does what it is for. A press is needed: programs open links, too. */
export const followLink = (api) => {
  const link = takeLink()
  if (!link) return
  const { title, words, wantsPassword = false, work } = link.purpose
  const dialog = document.createElement('dialog')
  dialog.id = 'link'
  dialog.setAttribute('aria-labelledby', 'link-title')
  dialog.innerHTML = markup
  document.body.append(dialog)
  const [heading, explains, form, problem] = ['title', 'words', 'form', 'problem'].map((part) =>
    dialog.querySelector(`#link-${part}`),
  )
  heading.textContent = title
  tell(explains, words)
  const { password } = form.elements
  password.disabled = !wantsPassword
  password.closest('label').hidden = !wantsPassword
  onSubmit(form, problem, async (data) => {
    tell(explains, await work(api, link.secret, data.get('password')))
    form.hidden = true
  })
  dialog.addEventListener('close', () => dialog.remove())
  dialog.showModal()
}
