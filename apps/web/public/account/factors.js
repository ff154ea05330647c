import { onPress, onSubmit, tell } from './form.js'
import { hasPasskeys } from './passkeys.js'
import { drawQr } from './qr.js'
import { saveAs } from './save.js'

const day = (at) => new Date(at).toLocaleDateString()

/**
 * The dialog of how an account is logged in to: passkeys, codes of an app, recovery codes, and the password.
 * `elements`: dialog, open (button), passkeys (list), passkeyForm, noPasskeys, totpState, totpSetUp, totpRemove, totpForm,
 * totpSecret, totpLink, totpPicture, codes, codesLeft, codesKeep, codesList, codesRenew, passwordState, passwordForm, passwordRemove,
 * dataExport, problem.
 */
export const createFactors = ({ api, elements }) => {
  const { dialog, open, passkeys, passkeyForm, noPasskeys, problem } = elements
  const { totpState, totpSetUp, totpRemove, totpForm, totpSecret, totpLink, totpPicture } = elements
  const {
    codes,
    codesLeft,
    codesKeep,
    codesList,
    codesRenew,
    passwordState,
    passwordForm,
    passwordRemove,
    dataExport,
  } = elements

  /** In the place of a passkey's words, until it is kept. */
  const nameForm = ({ id, name }) => {
    const [form, input, keep] = ['form', 'input', 'button'].map((tag) => document.createElement(tag))
    Object.assign(input, { name: 'name', value: name, required: true, maxLength: 60, autocomplete: 'off' })
    input.setAttribute('aria-label', `New name of ${name}`)
    Object.assign(keep, { type: 'submit', className: 'quiet', textContent: 'Keep' })
    form.append(input, keep)
    onSubmit(form, problem, (data) => api.renamePasskey(id, data.get('name').trim()).then(refresh))
    return form
  }

  const passkeyItem = (passkey) => {
    const { id, name, createdAt, lastUsedAt } = passkey
    const [item, words, rename, remove] = ['li', 'span', 'button', 'button'].map((tag) => document.createElement(tag))
    words.textContent = `${name}, of ${day(createdAt)}, ${lastUsedAt ? `used last ${day(lastUsedAt)}` : 'not used yet'}`
    remove.type = 'button'
    remove.className = 'quiet'
    remove.textContent = 'Remove'
    remove.setAttribute('aria-label', `Remove ${name}`)
    onPress(remove, problem, () => api.removePasskey(id).then(refresh))
    Object.assign(rename, { type: 'button', className: 'quiet', textContent: 'Rename' })
    rename.setAttribute('aria-label', `Rename ${name}`)
    rename.addEventListener('click', () => {
      const form = nameForm(passkey)
      item.replaceChildren(form)
      form.elements.name.select()
    })
    item.append(words, rename, remove)
    return item
  }

  /** Codes are shown this once. */
  const showCodes = (recoveryCodes) => {
    codesList.replaceChildren(
      ...recoveryCodes.map((code) => {
        const item = document.createElement('li')
        item.textContent = code
        return item
      }),
    )
    for (const part of [codesKeep, codesList]) part.hidden = recoveryCodes.length === 0
  }

  const endSetUp = () => {
    totpForm.hidden = true
    totpSecret.value = ''
    totpLink.href = 'otpauth:'
    totpPicture.replaceChildren()
  }

  const refresh = async () => {
    const factors = await api.factors()
    passkeys.replaceChildren(...factors.passkeys.map(passkeyItem))
    passkeyForm.hidden = !hasPasskeys()
    noPasskeys.hidden = hasPasskeys()
    totpState.textContent = factors.totp
      ? 'A login by password asks for a code.'
      : 'A login by password asks for nothing besides.'
    totpSetUp.hidden = factors.totp || !totpForm.hidden
    totpRemove.hidden = !factors.totp
    codes.hidden = !factors.totp
    codesLeft.textContent = `${factors.recoveryCodesLeft} are left, each good once where the app is not at hand.`
    passwordState.textContent = factors.password
      ? 'There is one.'
      : 'There is none: passkeys alone log in to your account.'
    passwordForm.hidden = factors.password
    passwordRemove.hidden = !factors.password || factors.passkeys.length === 0
  }

  open.addEventListener('click', () => {
    tell(problem)
    endSetUp()
    showCodes([])
    dialog.showModal()
    refresh().catch((error) => tell(problem, error.message))
  })
  dialog.addEventListener('close', () => {
    endSetUp()
    showCodes([])
  })

  onSubmit(passkeyForm, problem, (data) => api.addPasskey(data.get('passkey').trim()).then(refresh))
  onPress(totpSetUp, problem, async () => {
    const { secret, uri } = await api.enrolTotp()
    totpSecret.value = secret
    totpLink.href = uri
    await drawQr(totpPicture, uri)
    totpForm.hidden = false
    await refresh()
    totpForm.elements.code.focus()
  })
  onSubmit(totpForm, problem, async (data) => {
    const { recoveryCodes } = await api.confirmTotp(data.get('code').trim())
    endSetUp()
    await refresh()
    showCodes(recoveryCodes)
  })
  onPress(totpRemove, problem, async () => {
    await api.removeTotp()
    showCodes([])
    await refresh()
  })
  onPress(codesRenew, problem, async () => {
    const { recoveryCodes } = await api.renewRecoveryCodes()
    await refresh()
    showCodes(recoveryCodes)
  })
  onPress(dataExport, problem, async () => saveAs(await api.exportData(), 'my-data.zip'))
  onPress(passwordRemove, problem, () => api.removePassword().then(refresh))
  onSubmit(passwordForm, problem, async (data) => {
    await api.changePassword(undefined, data.get('password'))
    await refresh()
  })
}
