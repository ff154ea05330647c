import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { Problem } from '#libs/http/problem.ts'
import type { RouteDocument } from '#libs/http/route.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { TestSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'
import { exampleOf } from './examples.ts'
import { frameOf, offeredRoutes } from './offered.ts'
import type { QuestionFrame } from './parts.ts'

/** Everything that is asked for by `query`. */
export const queries: readonly RouteDocument[] = offeredRoutes.filter((route) => frameOf(route) === 'query')

/** Sends a question or a command. @returns its answer */
export const ask = async (socket: TestSocket, asked: Partial<QuestionFrame> & { query?: string; command?: string }) => {
  const id = asked.id ?? uuidv7()
  socket.send({ type: asked.command === undefined ? 'query' : 'command', ...asked, id } as QuestionFrame)
  return socket.next('answer', (answer) => answer.id === id)
}

/** Without what names one occurrence of it. */
const told = (problem: Problem): Problem => ({ ...problem, instance: '' })

const overHttp = async (
  url: string,
  { method, path, params: inPath }: RouteDocument,
  { params, body, minPosition }: Pick<QuestionFrame, 'params' | 'body' | 'minPosition'>,
  token: string | undefined,
) => {
  const texts = Object.entries(params ?? {}).map(([name, value]) => [name, String(value)] as const)
  const query = new URLSearchParams(Object.fromEntries(texts.filter(([name]) => !(name in (inPath?.shape ?? {})))))
  if (minPosition !== undefined) query.set('min-position', minPosition)
  const place = texts.reduce((made, [name, value]) => made.replace(`{${name}}`, value), path)
  const response = await fetch(`${url}${place}?${query}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  const data = isJson ? JSON.parse(text) : text
  return response.ok ? { data } : { problem: told(data) }
}

export type Asking = {
  readonly url: string
  readonly socket: TestSocket
  readonly token?: string | undefined
  /** In the place of those of the examples. */
  readonly params: Readonly<Record<string, string>>
  /** In the channel's journal: what is read of the channel has come so far. */
  readonly minPosition: string
}

type Told = { readonly data?: unknown; readonly problem?: Problem }

/** Asks everything there is over the socket and over HTTP, until both say the same. @returns what was answered, by name */
export const askAlike = async ({ url, socket, token, params: own, minPosition: position }: Asking) => {
  const answers = new Map<string, Told>()
  for (const route of queries) {
    const { params, body } = exampleOf('query', route.id)
    const common = Object.entries(own).filter(([name]) => name in (params ?? {}))
    const asked = { ...(params && { params: { ...params, ...Object.fromEntries(common) } }), ...(body && { body }) }
    const minPosition = route.reads && 'channelId' in (route.params?.shape ?? {}) ? position : undefined
    const both = async () => {
      const { data, problem } = await ask(socket, {
        query: route.id,
        ...asked,
        ...(minPosition !== undefined && { minPosition }),
      })
      const live: Told = problem ? { problem: told(problem) } : { data }
      return { live, http: await overHttp(url, route, { ...asked, minPosition }, token) }
    }
    // What is asked may be on its way into a read model yet.
    await until(async () => {
      const { live, http } = await both()
      answers.set(route.id, live)
      return isDeepStrictEqual(live, http)
    }).catch(async () => {
      const { live, http } = await both()
      assert.deepEqual(live, http, route.id)
    })
  }
  return answers
}
