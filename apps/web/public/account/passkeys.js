/** Whether this browser has passkeys, and takes their options as the server sends them (WebAuthn Level 3, section 5.1). */
export const hasPasskeys = () => Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON)

/** What a person is told of what browsers say. */
const words = {
  NotAllowedError: 'No passkey was used: that was cancelled, or took too long.',
  InvalidStateError: 'This device has a passkey of your account already.',
  SecurityError: 'Passkeys are not to be had at this address.',
}

const inWords = async (ceremony) => {
  try {
    return (await ceremony).toJSON()
  } catch (error) {
    throw words[error.name] ? new Error(words[error.name], { cause: error }) : error
  }
}

/** Has the browser make a passkey. @returns what the server wants to see of it */
export const makePasskey = ({ options }) =>
  inWords(navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }))

/** Has the browser show a passkey, whichever the person takes. */
export const showPasskey = ({ options }) =>
  inWords(navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }))
