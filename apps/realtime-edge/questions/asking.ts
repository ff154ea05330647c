import { type Admission, admit } from '#libs/http/admit.ts'
import { type Allowances, defaultAllowances, refuseAfter, takeAllowance } from '#libs/http/allowance.ts'
import { createCrowd } from '#libs/http/crowd.ts'
import { withDeadline } from '#libs/http/deadline.ts'
import { HttpProblem, problemDocument } from '#libs/http/problem.ts'
import { problemOf } from '#libs/http/problem-of.ts'
import type { RateLimiter } from '#libs/http/rate-limit.ts'
import type { BoundRoute, Caller, RateClass, UntypedReply } from '#libs/http/route.ts'
import { type Reaching, run } from '#libs/http/run.ts'
import { createTurns } from '#libs/http/turns.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { textFrame } from '#libs/protocols/native/wire.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { limits } from '../limits.ts'
import type { Identity } from '../recipient.ts'
import { answerErrors } from './errors.ts'
import { frameOf, overHttp } from './offered.ts'
import { askedOf, callerOf, nameOf, type QuestionFrame } from './parts.ts'

export type AskingOptions = Admission &
  Reaching & {
    readonly routes: readonly BoundRoute[]
    readonly gateway: Pick<CommandGateway, 'oldestPendingMs'>
    readonly limiter: RateLimiter
    readonly allowances?: Allowances | undefined
    /** Told of what nobody is told but as `platform.internal`. */
    readonly onError: (error: unknown) => void
  }

/** Who asks. One that reads slowly is written one answer after the other. */
export type Asker = {
  readonly identity: Identity | undefined
  readonly address: string
  /** Writes whole frames at once. */
  readonly write: (bytes: Buffer) => void
  /** Writes whole frames, and resolves once they are taken, or nobody is there any more. */
  readonly writeThrough: (bytes: Buffer) => Promise<void>
}

export type Asking = {
  readonly ask: (asker: Asker, frame: QuestionFrame) => void
  /** They have gone: what they asked for is let go of where it can be. */
  readonly leave: (asker: Asker) => void
}

type Answer = ServerFrameOf<'answer'>

/** An answer, and the status that it would have over HTTP. */
type Told = { readonly answer: Answer; readonly status: number }

/** What one asker waits for. */
type Line = { underWay: number; written: Promise<void>; readonly aborts: Set<AbortController> }

/** So many are looked up at once, for all and for an address; what costs more goes one at a time, with so many behind it. */
const mostAtOnce = 64
const mostOfAddress = 16
const mostWaiting = 8

/** Bytes of answers that are not taken yet, for all and for an address. */
const heldBytes = 67_108_864
const heldBytesOfAddress = 16_777_216

/** For an answer, a command's 10 s included. */
const DEADLINE_MS = 15_000
const RETRY_MS = 1000

const busy = (): HttpProblem => new HttpProblem('platform.busy')

/** A document that is compiled takes this thread for tens of ms, and a table is as long as its list. */
const isCostly = ({ rate, bodyLimit = 0, responses }: BoundRoute): boolean =>
  rate === 'credentials' || bodyLimit > limits.frameBytes || responses[200]?.contentType !== undefined

/** What costs more than a look-up comes out of the smallest allowance: lanes wait for this thread, too. */
const rateOf = (route: BoundRoute): RateClass => (isCostly(route) ? 'credentials' : route.rate)

const retryAfterOf = ({ detail, headers }: HttpProblem, status: number): number | undefined => {
  if (typeof detail.retryAfterMs === 'number') return detail.retryAfterMs
  if (headers['Retry-After'] !== undefined) return Number(headers['Retry-After']) * 1000
  return status === 503 || status === 507 || status === 429 ? RETRY_MS : undefined
}

const replied = (id: string, { status, body }: UntypedReply): Told => ({
  answer: { type: 'answer', id, data: body, ...(status === 202 && { pending: true, retryAfterMs: RETRY_MS }) },
  status,
})

/**
 * Answers `query` and `command` frames by the very routes that answer over HTTP: their schemas, rules, allowances and
 * positions to wait for. Nothing of a lane waits for an answer.
 */
export const createAsking = (options: AskingOptions): Asking => {
  const { gateway, limiter, allowances = defaultAllowances, onError } = options
  const routes = new Map(options.routes.map((route) => [route.id, route]))
  const inTurn = createTurns(1, mostWaiting, busy)
  const lines = new WeakMap<Asker, Line>()
  const looking = createCrowd(mostAtOnce, mostOfAddress)
  const held = createCrowd(heldBytes, heldBytesOfAddress)

  const routeOf = (frame: QuestionFrame): BoundRoute => {
    const name = nameOf(frame)
    const route = routes.get(name)
    if (route && frameOf(route) === frame.type) return route
    const reason = Object.hasOwn(overHttp, name) ? overHttp[name] : undefined
    if (reason !== undefined) throw new HttpProblem('live.over_http', { message: `${reason}.` })
    throw new HttpProblem('live.unknown_question')
  }

  /** In the order in which refusing is cheapest, as at the door of HTTP. */
  const letIn = (route: BoundRoute, { identity, address }: Asker): Caller | undefined => {
    takeAllowance(limiter, allowances, rateOf(route), { address })
    const caller = route.auth === 'none' || !identity ? undefined : callerOf(identity)
    if (route.auth === 'account' && !caller) throw new HttpProblem('http.unauthenticated')
    admit(route, caller, options)
    if (caller) takeAllowance(limiter, allowances, rateOf(route), { caller })
    if (route.command && gateway.oldestPendingMs() > limits.shedAfterMs) throw busy()
    return caller
  }

  /** However long one address has its questions wait, those of others have their places. */
  const placed = async <Result>(address: string, work: () => Promise<Result>): Promise<Result> => {
    const place = looking.enter(address)
    try {
      if (place === 'address full') refuseAfter(RETRY_MS)
      if (place === 'full') throw busy()
      return await work()
    } finally {
      looking.leave(address)
    }
  }

  const replyTo = async (asker: Asker, frame: QuestionFrame, abort: AbortController): Promise<UntypedReply> => {
    const route = routeOf(frame)
    const caller = letIn(route, asker)
    const asked = askedOf(route, frame, { caller, address: asker.address, signal: abort.signal })
    const work = () => run(route, asked, options)
    const done = placed(asker.address, () => (isCostly(route) ? inTurn(work) : work()))
    return withDeadline(done, DEADLINE_MS, abort, () => new HttpProblem('platform.timeout'))
  }

  const refused = (id: string, error: unknown): Told => {
    const problem = problemOf(error, answerErrors)
    const document = problemDocument(problem, answerErrors, id)
    if (document.code === 'platform.internal') onError(error)
    const retryAfterMs = retryAfterOf(problem, document.status)
    const retry = retryAfterMs !== undefined && { retryAfterMs }
    return { answer: { type: 'answer', id, problem: document, ...retry }, status: document.status }
  }

  const encoded = ({ answer, status }: Told): { readonly bytes: Buffer; readonly status: number } => {
    const bytes = textFrame(JSON.stringify(answer))
    if (bytes.length <= limits.answerBytes) return { bytes, status }
    return encoded(
      refused(answer.id, new HttpProblem('live.answer_too_large', { detail: { limitBytes: limits.answerBytes } })),
    )
  }

  const count = (frame: QuestionFrame, status: number): void => {
    const name = nameOf(frame)
    meters().questions.add(1, { question: routes.has(name) ? name : 'none', status })
  }

  /** Writes an answer behind those before it; where too much waits to be taken already, that it was too much. */
  const write = async (asker: Asker, line: Line, frame: QuestionFrame, told: Told): Promise<void> => {
    const { address } = asker
    const whole = encoded(told)
    const place = held.enter(address, whole.bytes.length)
    const full = place === 'full' ? busy() : new HttpProblem('live.too_many_questions')
    const { bytes, status } = place === 'fits' ? whole : encoded(refused(frame.id, full))
    if (place !== 'fits') held.leave(address, whole.bytes.length - bytes.length)
    count(frame, status)
    line.written = line.written.then(() => asker.writeThrough(bytes))
    await line.written
    held.leave(address, bytes.length)
  }

  const lineOf = (asker: Asker): Line => {
    const line = lines.get(asker) ?? { underWay: 0, written: Promise.resolve(), aborts: new Set() }
    lines.set(asker, line)
    return line
  }

  /** A place in the line is given back once the answer is taken: who does not read is not looked up for. */
  const serve = async (asker: Asker, line: Line, frame: QuestionFrame): Promise<void> => {
    const abort = new AbortController()
    line.aborts.add(abort)
    line.underWay += 1
    const told = await replyTo(asker, frame, abort).then(
      (reply) => replied(frame.id, reply),
      (error: unknown) => refused(frame.id, error),
    )
    line.aborts.delete(abort)
    await write(asker, line, frame, told)
    line.underWay -= 1
  }

  return {
    ask: (asker, frame) => {
      const line = lineOf(asker)
      if (line.underWay < limits.questions) {
        void serve(asker, line, frame)
        return
      }
      const { bytes, status } = encoded(refused(frame.id, new HttpProblem('live.too_many_questions')))
      count(frame, status)
      asker.write(bytes)
    },
    leave: (asker) => {
      for (const abort of lines.get(asker)?.aborts ?? []) abort.abort()
    },
  }
}
