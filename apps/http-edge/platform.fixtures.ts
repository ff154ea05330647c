import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { start as startDecider } from '#apps/decider/app.ts'
import { start as startProjector } from '#apps/projector/app.ts'
import { type Config, readConfig, withSettings } from '#libs/config/config.ts'
import type { Allowances } from '#libs/http/allowance.ts'
import { Problem } from '#libs/http/problem.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { createPositionWaiter } from '#libs/readmodel/wait.ts'
import { caughtUp } from '#libs/testing/caught-up.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { type LentKafka, lentKafka } from '#libs/testing/lent-kafka.ts'
import { type EdgeTuning, startHttpEdge } from './app.ts'
import { createDocumentedCheck, routeOf } from './documented.fixtures.ts'
import { createRepeats } from './repeated.fixtures.ts'

/** Tests ask much from one address. */
const generous = { perMinute: 1_000_000, burst: 1_000_000 }
const allOfThem = { address: generous, account: generous, token: generous }
export const noLimits: Allowances = { read: allOfThem, write: allOfThem, credentials: allOfThem }

/** What a test looks into is the test's to say; that the body has its documented form was verified by the edge itself. */
export type Answer<Body = Readonly<Record<string, unknown>>> = {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
  /** As they came. */
  readonly bytes: Buffer
}

export type Asked = {
  readonly token?: string | undefined
  readonly cookie?: string | undefined
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Never sent twice: the test is about what is there when it was not. */
  readonly once?: boolean
  /** `manual`: an answer that leads elsewhere is the answer. */
  readonly redirect?: 'manual'
}

export type Client = {
  readonly call: <Body = Readonly<Record<string, unknown>>>(
    method: string,
    path: string,
    asked?: Asked,
  ) => Promise<Answer<Body>>
}

type Observe = (method: string, path: string, status: number, code: unknown) => void

/** A client that holds every problem to its documented form, and tells every answer to `observe`. */
export const createClient = (origin: string, observe: Observe): Client => ({
  call: async (method, path, { token, cookie, body, headers, redirect } = {}) => {
    const response = await fetch(origin + path, {
      method,
      ...(redirect && { redirect }),
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(cookie !== undefined && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && {
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    const text = bytes.toString()
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '')
    const answered = isJson && text !== '' ? JSON.parse(text) : { text }
    observe(method, path, response.status, answered.code)
    if (response.status >= 400) {
      Problem.parse(answered)
      assert.equal(answered.status, response.status)
    }
    return { status: response.status, headers: response.headers, body: answered, bytes }
  },
})

const patient = (client: Client): Client => ({
  call: <Body>(method: string, path: string, asked: Asked = {}) =>
    asked.once ? client.call<Body>(method, path, asked) : caughtUp(() => client.call<Body>(method, path, asked)),
})

const repeating = (client: Client, repeat: ReturnType<typeof createRepeats>): Client => ({
  call: <Body>(method: string, path: string, asked: Asked = {}) =>
    repeat(routeOf(method, path), asked, (sent) => client.call<Body>(method, path, sent)),
})

export type Platform = Client & {
  readonly config: Config
  /** Documented answers that no test of this platform has seen. */
  readonly unseen: () => readonly string[]
  /** Another edge beside the first, with settings of its own. */
  readonly startEdge: (
    overrides?: Partial<Config>,
    allowances?: Allowances,
    past?: EdgeTuning['past'],
  ) => Promise<Client>
  readonly register: (
    handle: string,
    password?: string,
  ) => Promise<{ readonly id: string; readonly token: string; readonly cookie: string }>
  /** Resolves once a projection has reached a position: an edge that starts now begins behind it. */
  readonly projected: (projection: string, position: string) => Promise<void>
}

export type LoggedIn = {
  readonly accessToken: string
  readonly mustChangePassword: boolean
  readonly account: { readonly id: string }
}

export const PASSWORD = 'correct horse battery'

export const cookieOf = ({ headers }: Pick<Answer, 'headers'>): string => headers.getSetCookie()[0]?.split(';')[0] ?? ''

/** Decider, projector and edge in this process, on a broker and a database that nobody else uses meanwhile. */
export const startPlatform = async (
  outer: Pick<TestContext, 'after'>,
  settings: Partial<Config> = {},
  given?: LentKafka,
): Promise<Platform> => {
  const t = inReverse(outer)
  const kafka = given ?? (await lentKafka(t))
  const data = await mkdtemp(join(tmpdir(), 'whiply-http-'))
  const config = withSettings(readConfig({ CHANNEL_PARTITIONS: '2', FAMILY_PARTITIONS: '2', LOG_LEVEL: 'error' }), {
    data,
    objectStore: join(data, 'objects'),
    databaseUrl: await testDatabase(t),
    kafkaBrokers: [...kafka.brokers],
    masterKey: randomBytes(32).toString('base64'),
    httpPort: 0,
    minFreeDisk: 0,
    erasureDelayDays: 0,
    ...settings,
  })
  t.after(() => rm(data, { recursive: true, force: true }))
  const { signal } = new AbortController()
  const [decider, projector] = [await startDecider(config, signal), await startProjector(config, signal)]
  t.after(() => Promise.all([decider.close(), projector.close()]))
  const check = createDocumentedCheck()
  const repeat = createRepeats()
  const startEdge: Platform['startEdge'] = async (overrides = {}, allowances = noLimits, past = {}) => {
    const tuning = { verifyReplies: true, allowances, past }
    const edge = await startHttpEdge(withSettings(config, overrides), signal, tuning)
    t.after(edge.close)
    const client = createClient(`http://127.0.0.1:${edge.port}`, check.observe)
    // Where tests count what is asked nothing is asked twice.
    return allowances === noLimits ? repeating(patient(client), repeat) : client
  }
  const client = await startEdge()
  return {
    ...client,
    config,
    unseen: check.unseen,
    startEdge,
    register: async (handle, password = PASSWORD) => {
      const registered = await client.call('POST', '/v1/accounts', { body: { handle, password } })
      assert.equal(registered.status, 201, JSON.stringify(registered.body))
      const opened = `/v1/sessions?min-position=${registered.body.position}`
      const session = await client.call<LoggedIn>('POST', opened, { body: { handle, password } })
      assert.equal(session.status, 201, JSON.stringify(session.body))
      const { accessToken, account } = session.body
      return { id: account.id, token: accessToken, cookie: cookieOf(session) }
    },
    projected: async (projection, position) => {
      await using stack = new AsyncDisposableStack()
      const sql = stack.adopt(openPostgres(config.databaseUrl, { max: 2 }), (opened) => opened.end())
      const waiter = stack.adopt(await createPositionWaiter(sql), (opened) => opened.close())
      await waiter.wait(projection, position, 10_000)
    },
  }
}
