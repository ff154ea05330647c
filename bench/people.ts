import { type IncomingMessage, request } from 'node:http'
import { uuidv7 } from '#libs/journal/ids.ts'

/** Somebody with an account, logged in. */
export type Person = {
  readonly accountId: string
  readonly handle: string
  readonly password: string
  readonly token: string
  readonly address: string
}

type Answer = { readonly status: number; readonly body: Record<string, unknown> }

/** One request, from a loopback address of the caller's choice, so that rate limits see many people. */
export const call = (
  port: number,
  options: {
    readonly method: string
    readonly path: string
    readonly address?: string
    readonly token?: string
    readonly cookie?: string
    readonly ifMatch?: string
    readonly body?: unknown
  },
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body)
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method: options.method,
        path: options.path,
        ...(options.address && { localAddress: options.address }),
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(options.ifMatch && { 'if-match': options.ifMatch }),
          ...(options.cookie && { cookie: options.cookie }),
          ...(options.token && { authorization: `Bearer ${options.token}` }),
          ...(options.method !== 'GET' && { 'idempotency-key': uuidv7() }),
        },
      },
      async (response: IncomingMessage) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk)
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, body: text ? JSON.parse(text) : {} })
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })

const expect = (answer: Answer, status: number, what: string): Answer => {
  if (answer.status !== status) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer
}

/** Logs in, for a token that is new. */
export const logIn = async (
  port: number,
  { handle, password, address }: Pick<Person, 'handle' | 'password' | 'address'>,
): Promise<string> => {
  const credentials = { handle, password }
  const path = '/v1/sessions'
  const session = await call(port, { method: 'POST', path, address, body: credentials })
  return String(expect(session, 201, `login of ${handle}`).body.accessToken)
}

const register = async (port: number, index: number): Promise<Person> => {
  const handle = `talker_${index}`
  const password = `correct horse ${index}`
  const address = `127.1.${Math.floor(index / 250)}.${1 + (index % 250)}`
  const path = '/v1/accounts'
  const opened = await call(port, { method: 'POST', path, address, body: { handle, password } })
  const { account } = expect(opened, 201, `registration of ${handle}`).body as { account: { id: string } }
  const token = await logIn(port, { handle, password, address })
  return { accountId: account.id, handle, password, address, token }
}

/** Registers and logs in so many, a few at a time: each password costs tens of ms of CPU. */
export const registerPeople = async (port: number, count: number): Promise<readonly Person[]> => {
  const people: Person[] = []
  while (people.length < count) {
    const batch = Array.from({ length: Math.min(4, count - people.length) }, (_, offset) => people.length + offset)
    people.push(...(await Promise.all(batch.map((index) => register(port, index)))))
  }
  return people
}

/** Opens the person's own channel, whose id is the account's. */
export const openOwnChannel = async (port: number, { token, accountId, address }: Person): Promise<string> => {
  expect(
    await call(port, { method: 'POST', path: '/v1/channels', address, token, body: {} }),
    201,
    `channel ${accountId}`,
  )
  return accountId
}
