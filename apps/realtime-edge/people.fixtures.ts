import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { caughtUp } from '#libs/testing/caught-up.ts'
import { openSocket, type TestSocket } from '#libs/testing/socket.ts'

export const password = 'correct horse battery'

type Asked = { readonly token?: string; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }

/** What is sent: bytes as a picture, anything else as JSON. */
const payload = (body: unknown) =>
  body instanceof Uint8Array
    ? { type: 'image/png', content: new Uint8Array(body) }
    : { type: 'application/json', content: JSON.stringify(body) }

const callOnce = async (url: string, method: string, path: string, { token, body, headers }: Asked) => {
  const sent = body === undefined ? undefined : payload(body)
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(sent && { 'content-type': sent.type }),
      ...headers,
    },
    ...(sent && { body: sent.content }),
  })
  const text = await response.text()
  return { status: response.status, text, body: text === '' ? undefined : JSON.parse(text) }
}

/** A call to the API of a whole whiply. @returns the status, and the body as JSON where there is one */
export const call = (url: string, method: string, path: string, asked: Asked = {}) =>
  caughtUp(() => callOnce(url, method, path, asked))

export type Member = { readonly id: string; readonly handle: string; readonly token: string }

/** Registers an account and logs in, as the page does. */
export const register = async (
  url: string,
  account: { readonly handle: string; readonly displayName?: string; readonly email?: string },
): Promise<Member> => {
  const registered = await call(url, 'POST', '/v1/accounts', { body: { ...account, password } })
  assert.equal(registered.status, 201, registered.text)
  const { handle } = account
  // On a busy machine the read model may be seconds behind.
  const session = await call(url, 'POST', `/v1/sessions?min-position=${registered.body.position}`, {
    body: { handle, password },
  })
  assert.equal(session.status, 201, session.text)
  return { id: session.body.account.id, handle, token: session.body.accessToken }
}

/** The id of the channel that is there from the first start. */
export const lobbyOf = async (url: string): Promise<string> => {
  const found = await call(url, 'GET', '/v1/channels?slug=lobby')
  return found.body.channels[0].id
}

export type Joining = {
  readonly port: number
  readonly channel: string
  readonly member?: Member
  /** How many messages of the past to bring. */
  readonly last?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A live client in a channel, as a member or, without one, only watching. */
export const joinLive = async (
  t: Pick<TestContext, 'after'>,
  { port, channel, member, last, headers }: Joining,
): Promise<TestSocket> => {
  const socket = await openSocket(t, port, headers && { headers })
  if (member) {
    socket.send({ type: 'auth', token: member.token })
    await socket.next('authenticated')
  }
  socket.send({ type: 'join', channel, ...(last !== undefined && { last }) })
  await socket.next('joined')
  return socket
}
