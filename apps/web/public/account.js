import { onPress, onSubmit, tell } from './account/form.js'
import { followLink } from './account/links.js'
import { hasPasskeys } from './account/passkeys.js'

/** The dialogs by which a person logs in, registers, and changes a password. `onChange(account)`: somebody else now, or nobody. */
export const createAccount = ({ api, elements, onChange }) => {
  const { enter, enterForm, enterTitle, enterSubmit, enterOther, enterPasskey, enterProblem } = elements
  const { codeForm, codeProblem, change, changeForm, changeProblem, logIn, logOut, me } = elements
  let registering = false
  let current
  let oldPassword
  /** Of a login whose password was right, and that a code is asked for. */
  let challenge

  const show = (account) => {
    current = account
    logIn.hidden = Boolean(account)
    logOut.hidden = !account
    me.hidden = !account
    me.textContent = account?.name ?? ''
    onChange(account)
  }

  const turn = (toRegister) => {
    registering = toRegister
    oldPassword = undefined
    challenge = undefined
    enterTitle.textContent = toRegister ? 'Register' : 'Log in'
    enterSubmit.textContent = toRegister ? 'Register' : 'Log in'
    enterOther.textContent = toRegister ? 'Registered already? Log in' : 'New here? Register'
    enterPasskey.hidden = toRegister || !hasPasskeys()
    enterForm.hidden = false
    codeForm.hidden = true
    const { password } = enterForm.elements
    password.autocomplete = toRegister ? 'new-password' : 'current-password'
    password.minLength = toRegister ? 8 : 1
    tell(enterProblem)
  }

  const askCode = (answer) => {
    challenge = answer.challenge
    enterForm.hidden = true
    codeForm.hidden = false
    tell(codeProblem)
    codeForm.elements.code.focus()
  }

  /** Nothing can be done before a password that has to be changed is; the one that is known need not be typed again. */
  const askNewPassword = () => {
    const { old } = changeForm.elements
    old.closest('label').hidden = oldPassword !== undefined
    old.disabled = oldPassword !== undefined
    change.showModal()
  }

  const loggedIn = (account) => {
    enter.close()
    if (account.mustChangePassword) return askNewPassword()
    oldPassword = undefined
    show(account)
  }

  const open = () => {
    turn(false)
    enter.showModal()
  }

  onSubmit(enterForm, enterProblem, async (data) => {
    const [handle, password] = [data.get('handle').trim(), data.get('password')]
    if (registering) await api.register(handle, password)
    const answer = await api.logIn(handle, password)
    oldPassword = password
    if (answer.challenge) askCode(answer)
    else loggedIn(answer)
  })
  onSubmit(codeForm, codeProblem, async (data) => {
    try {
      loggedIn(await api.giveCode(challenge, data.get('code').trim()))
    } catch (error) {
      if (error.code !== 'identity.challenge_ended') throw error
      turn(false)
      tell(enterProblem, error.message)
    }
  })
  onPress(enterPasskey, enterProblem, async () => {
    oldPassword = undefined
    loggedIn(await api.logInByPasskey())
  })
  enter.addEventListener('close', () => codeForm.reset())

  onSubmit(changeForm, changeProblem, async (data) => {
    const password = data.get('password')
    if (password !== data.get('again')) throw new Error('The two are not the same.')
    const account = await api.changePassword(oldPassword ?? data.get('old'), password)
    oldPassword = undefined
    change.close()
    show(account)
  })
  // Nothing can be done before the password is changed, so there is no way around.
  change.addEventListener('cancel', (event) => event.preventDefault())

  enterOther.addEventListener('click', () => turn(!registering))
  // Before the page looks for a channel behind the `#`.
  followLink(api)
  logIn.addEventListener('click', open)
  logOut.addEventListener('click', async () => {
    await api.logOut().catch(() => {})
    show(undefined)
  })

  return {
    current: () => current,
    open,
    /** Whoever is logged in by the session's cookie. */
    restore: async () => {
      const account = await api.whoAmI()
      if (account?.mustChangePassword) askNewPassword()
      else show(account)
    },
    /** A session has ended, but another may have come in its place. */
    signedOut: async () => {
      const account = await api.lookAgain()
      if (account?.id !== current?.id) show(account)
    },
  }
}
