import { pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { WireCall } from '#libs/journal/kafka/internals.ts'
import { compactArray, compactBytes, compactReader, compactText, int8, int32, NO_TAGS } from './compact.ts'

/**
 * Users of Kafka that log in by SCRAM-SHA-512: the two requests of KIP-554, which kafkajs does not have, on its
 * connections. Of a password Kafka gets and keeps only what RFC 5802 derives from it.
 */

/** Numbers of the protocol. */
const DESCRIBE = 50
const ALTER = 51
const SHA_512 = 2

/** The least that Kafka takes; passwords are random, so nobody guesses them however fast he may. */
const ITERATIONS = 4096
const PASSWORD_BYTES = 24
const SALT_BYTES = 24
const HASH_BYTES = 64

/** 32 characters that need no quotes anywhere, of 192 random bits. */
export const newPassword = (): string => randomBytes(PASSWORD_BYTES).toString('base64url')

type Credential = { readonly salt: Buffer; readonly saltedPassword: Buffer }

/** RFC 5802, section 3: Hi(password, salt, i). The password is ASCII, so there is nothing to normalise. */
const credentialOf = async (password: string): Promise<Credential> => {
  const salt = randomBytes(SALT_BYTES)
  return { salt, saltedPassword: await promisify(pbkdf2)(password, salt, ITERATIONS, HASH_BYTES, 'sha512') }
}

/** What Kafka says of one user. */
export type UserAnswer = { readonly name: string; readonly errorCode: number; readonly message: string }

/** kafkajs writes the header of inflexible requests, which a flexible one's is with its tagged fields behind it. */
const call = <Answer>(
  apiKey: number,
  apiName: string,
  body: readonly Buffer[],
  decode: (bytes: Buffer) => Answer,
): WireCall<Answer> => ({
  request: {
    apiKey,
    apiVersion: 0,
    apiName,
    expectResponse: () => true,
    encode: async () => {
      const buffer = Buffer.concat([NO_TAGS, ...body, NO_TAGS])
      return { buf: buffer, buffer, size: () => buffer.length }
    },
  },
  response: { decode: async (bytes) => decode(bytes), parse: async (answer) => answer },
})

/** AlterUserScramCredentials: throttle, then for each user its error. */
const decodeAltered = (bytes: Buffer): readonly UserAnswer[] => {
  const { tags, int16, int32: number, text, array } = compactReader(bytes)
  tags()
  number()
  return array(() => {
    const answer = { name: text(), errorCode: int16(), message: text() }
    tags()
    return answer
  })
}

/** Gives the user this password, whatever he had before. */
export const upsertUser = async (name: string, password: string): Promise<WireCall<readonly UserAnswer[]>> => {
  const { salt, saltedPassword } = await credentialOf(password)
  const upsertion = [
    compactText(name),
    int8(SHA_512),
    int32(ITERATIONS),
    compactBytes(salt),
    compactBytes(saltedPassword),
    NO_TAGS,
  ]
  const body = [compactArray([]), compactArray([Buffer.concat(upsertion)])]
  return call(ALTER, 'AlterUserScramCredentials', body, decodeAltered)
}

/** Takes the user's password away. One that has none is an error of his, 91. */
export const deleteUser = (name: string): WireCall<readonly UserAnswer[]> => {
  const deletion = Buffer.concat([compactText(name), int8(SHA_512), NO_TAGS])
  return call(ALTER, 'AlterUserScramCredentials', [compactArray([deletion]), compactArray([])], decodeAltered)
}

export type Users = { readonly errorCode: number; readonly names: readonly string[] }

/** DescribeUserScramCredentials: throttle, an error of the whole, then for each user what he has. */
const decodeDescribed = (bytes: Buffer): Users => {
  const { tags, int8: mechanism, int16, int32: number, text, array } = compactReader(bytes)
  tags()
  number()
  const errorCode = int16()
  text()
  const names = array(() => {
    const name = text()
    int16()
    text()
    array(() => {
      mechanism()
      number()
      tags()
    })
    tags()
    return name
  })
  return { errorCode, names }
}

/**
 * Whoever has a password, by whichever SCRAM mechanism. An empty list asks for all; so does null, which Kafka 4.2 never
 * answers to one who may not ask (a NullPointerException in DescribeUserScramCredentialsRequest.getErrorResponse).
 */
export const describeUsers = (): WireCall<Users> =>
  call(DESCRIBE, 'DescribeUserScramCredentials', [compactArray([])], decodeDescribed)
