import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Passkey } from '#libs/vault/passkeys.ts'

/** Of what passkeys are good for (WebAuthn Level 3, section 4): the host that people see, and the page that may ask. */
export type RelyingParty = { readonly id: string; readonly name: string; readonly origin: string }

export const relyingPartyOf = (publicUrl: string): RelyingParty => {
  const { hostname, origin } = new URL(publicUrl)
  return { id: hostname, name: hostname, origin }
}

export type NewPasskey = Pick<Passkey, 'credentialId' | 'publicKey' | 'counter' | 'transports'>

/** Loaded with the first passkey: it takes 25 MiB, and half a second. */
const library = () => import('@simplewebauthn/server')

/** How long a person may take; the challenge holds as long. */
export const ceremonyMs = 5 * 60_000

type Known = Pick<Passkey, 'credentialId' | 'transports'>

const descriptorOf = ({ credentialId, transports }: Known) => ({
  id: credentialId.toString('base64url'),
  transports: [...transports],
})

/** What a browser is asked with for a new passkey. `userHandle` names the account to authenticators, and to nobody else. */
export const creationOptions = async (
  relyingParty: RelyingParty,
  user: { readonly userHandle: Buffer; readonly handle: string; readonly displayName: string },
  challenge: string,
  known: readonly Known[],
) =>
  (await library()).generateRegistrationOptions({
    rpID: relyingParty.id,
    rpName: relyingParty.name,
    userID: new Uint8Array(user.userHandle),
    userName: user.handle,
    userDisplayName: user.displayName,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: ceremonyMs,
    attestationType: 'none',
    excludeCredentials: known.map(descriptorOf),
    // Found without a name, and itself two factors: so it can be the only thing that one logs in with.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })

/** What a browser is asked with to show a passkey: one of those known, or whichever it has. */
export const requestOptions = async (relyingParty: RelyingParty, challenge: string, known: readonly Known[] = []) =>
  (await library()).generateAuthenticationOptions({
    rpID: relyingParty.id,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: ceremonyMs,
    userVerification: 'required',
    ...(known.length > 0 && { allowCredentials: known.map(descriptorOf) }),
  })

/** The challenge that a browser's answer is to; undefined where that cannot be told. */
export const challengeIn = (clientDataJson: string): string | undefined => {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString())
    const challenge = typeof data === 'object' && data !== null && 'challenge' in data ? data.challenge : undefined
    return typeof challenge === 'string' && /^[A-Za-z0-9_-]{43}$/.test(challenge) ? challenge : undefined
  } catch {
    return undefined
  }
}

/** The passkey that a browser made (section 7.1); undefined where anything about it is not as it was asked for. */
export const verifyCreation = async (
  { id, origin }: RelyingParty,
  response: RegistrationResponseJSON,
  challenge: string,
): Promise<NewPasskey | undefined> => {
  const { verifyRegistrationResponse } = await library()
  const options = { response, expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: id }
  // It throws for whatever is malformed or wrong, and what it says is not for strangers.
  const verified = await verifyRegistrationResponse({ ...options, requireUserVerification: true }).catch(
    () => undefined,
  )
  if (!verified?.verified) return undefined
  const { credential } = verified.registrationInfo
  return {
    credentialId: Buffer.from(credential.id, 'base64url'),
    publicKey: Buffer.from(credential.publicKey),
    counter: credential.counter,
    transports: response.response.transports ?? [],
  }
}

/** What the authenticator counts after a login by a passkey (section 7.2); undefined where the login is not good. */
export const verifyUse = async (
  { id, origin }: RelyingParty,
  response: AuthenticationResponseJSON,
  challenge: string,
  passkey: Passkey,
): Promise<number | undefined> => {
  const { verifyAuthenticationResponse } = await library()
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: id,
    requireUserVerification: true,
    credential: {
      id: passkey.credentialId.toString('base64url'),
      publicKey: new Uint8Array(passkey.publicKey),
      counter: passkey.counter,
    },
  }).catch(() => undefined)
  return verified?.verified ? verified.authenticationInfo.newCounter : undefined
}
