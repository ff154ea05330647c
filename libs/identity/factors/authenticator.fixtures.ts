import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** Heads of CBOR items (RFC 8949, section 3.1). */
const head = (major: number, length: number): Buffer => {
  if (length < 24) return Buffer.from([(major << 5) | length])
  if (length < 256) return Buffer.from([(major << 5) | 24, length])
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff])
}

type Cbor = number | string | Buffer | ReadonlyMap<number | string, Cbor>

/** As much of CBOR as an attestation needs. */
const cbor = (value: Cbor): Buffer => {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, member]) => [cbor(key), cbor(member)])])
}

/** An ES256 key as COSE has it (RFC 9053, section 7.1.1). */
const coseKey = (publicKey: KeyObject): Buffer => {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return cbor(
    new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]),
  )
}

const sha256 = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest()
const base64url = (bytes: Buffer): string => bytes.toString('base64url')

const flags = { userPresent: 1, userVerified: 4, attestedCredential: 64 }

/** What goes otherwise than a good authenticator and browser would have it. */
export type Deviation = {
  readonly origin?: string
  readonly relyingParty?: string
  readonly type?: string
  readonly challenge?: string
  readonly userVerified?: boolean
  readonly userPresent?: boolean
  readonly counter?: number
  /** Signs with another key. */
  readonly key?: KeyObject
}

/** What the options of a ceremony say, as far as an authenticator looks at them. */
export type Asked = { readonly challenge: string; readonly [member: string]: unknown }

/**
 * An authenticator with one passkey, and the browser before it, in software: its bytes are those of WebAuthn Level 3,
 * sections 6.1 and 6.5, with the attestation `none`. It counts its uses, unless told not to.
 */
export const softwareAuthenticator = (origin: string, options: { readonly counts?: boolean } = {}) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(32)
  let counter = 0

  const clientData = (type: string, { challenge }: Asked, deviation: Deviation): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: deviation.type ?? type,
        challenge: deviation.challenge ?? challenge,
        origin: deviation.origin ?? origin,
        crossOrigin: false,
      }),
    )

  const authenticatorData = (deviation: Deviation, attested = Buffer.alloc(0)): Buffer => {
    const { userVerified = true, userPresent = true } = deviation
    if (options.counts ?? true) counter += 1
    const count = Buffer.alloc(4)
    count.writeUInt32BE(deviation.counter ?? counter)
    const set =
      (userPresent ? flags.userPresent : 0) |
      (userVerified ? flags.userVerified : 0) |
      (attested.length > 0 ? flags.attestedCredential : 0)
    const relyingParty = sha256(deviation.relyingParty ?? new URL(origin).hostname)
    return Buffer.concat([relyingParty, Buffer.from([set]), count, attested])
  }

  const id = base64url(credentialId)
  const envelope = { id, rawId: id, type: 'public-key', clientExtensionResults: {} }

  return {
    id,
    /** Answers `navigator.credentials.create()`. */
    create: (asked: Asked, deviation: Deviation = {}) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey(publicKey)])
      const attestation = new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authenticatorData(deviation, attested)],
      ])
      return {
        ...envelope,
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', asked, deviation)),
          attestationObject: base64url(cbor(attestation)),
          transports: ['internal'],
        },
      }
    },
    /** Answers `navigator.credentials.get()`. */
    get: (asked: Asked, deviation: Deviation = {}) => {
      const data = authenticatorData(deviation)
      const client = clientData('webauthn.get', asked, deviation)
      const signed = Buffer.concat([data, sha256(client)])
      return {
        ...envelope,
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(data),
          signature: base64url(sign('sha256', signed, deviation.key ?? privateKey)),
        },
      }
    },
  }
}
