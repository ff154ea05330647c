import { type LoadSocket, openLoadSocket } from '../load/websocket.ts'
import type { Evidence } from './check.ts'

export type DrillClientOptions = {
  readonly port: number
  readonly channel: string
  readonly localAddress: string
  /** Talkers have one; it must outlive the drill's socket, and is asked for anew at each connection. */
  readonly token?: () => string | Promise<string>
  readonly onDelivery: (atMs: number) => void
}

/** A client as a good one behaves: it comes back, resumes from its last number, and sends again what was not answered. */
export type DrillClient = {
  readonly post: (id: string, text: string) => void
  readonly unanswered: () => number
  /** The ids accepted, in the order in which they were sent. */
  readonly acknowledged: () => readonly string[]
  readonly rejected: () => ReadonlyMap<string, number>
  readonly seen: () => Evidence['clients'][number]
  /** Whether it has joined its channel once. */
  readonly joined: () => boolean
  /** Whether it is in its channel now. */
  readonly present: () => boolean
  readonly lastSeq: () => number
  /** The highest number that it was told one of its posts has. */
  readonly acknowledgedSeq: () => number
  readonly reconnects: () => number
  readonly close: () => void
}

type Frame = {
  readonly type: string
  readonly id?: string
  readonly channel?: string
  readonly epoch?: string
  readonly next?: number
  readonly seq?: number
  readonly from?: number
  readonly to?: number
  readonly lane?: string
  readonly status?: string
  readonly code?: string
  readonly retryAfterMs?: number
  readonly event?: { readonly kind: string; readonly id?: string }
}

const reconnectMs = 250
const resendMs = 500

/** Refusals that ask the sender to come again: nothing was decided. */
const transient = new Set(['platform.busy', 'platform.unavailable', 'live.rate_limited'])

export const startDrillClient = (options: DrillClientOptions): DrillClient => {
  const numbers: number[] = []
  const messages: { channel: string; seq: number; id: string }[] = []
  const gaps: { from: number; to: number }[] = []
  const sent: string[] = []
  const unanswered = new Map<string, string>()
  const accepted = new Set<string>()
  const rejected = new Map<string, number>()
  let socket: LoadSocket | undefined
  let ready = false
  let closed = false
  let epoch: string | undefined
  let last = 0
  let connections = 0
  /** Connections are counted as they are tried; frames count of the current one alone, 0 for none. */
  let tries = 0
  let current = 0
  let acknowledgedSeq = 0

  /** One post is under way at a time, so that a later one never overtakes an earlier one that is refused for now. */
  const sendFirst = () => {
    const [first] = unanswered
    if (!ready || !first) return
    const [id, text] = first
    socket?.send(JSON.stringify({ type: 'post', id, channel: options.channel, text }))
  }

  const resendSoon = (afterMs: number) => void setTimeout(sendFirst, afterMs)

  const join = () =>
    socket?.send(
      JSON.stringify({ type: 'join', channel: options.channel, ...(epoch && { from: { epoch, seq: last } }) }),
    )

  const answered = (id: string, verdict: 'accepted' | string) => {
    if (!unanswered.delete(id)) return
    if (verdict === 'accepted') accepted.add(id)
    else rejected.set(verdict, (rejected.get(verdict) ?? 0) + 1)
    sendFirst()
  }

  /** What comes over it any more counts for nothing; the next connection is made as if this one had been lost. */
  const leave = () => {
    current = 0
    ready = false
    socket?.close()
  }

  const onFrame = (frame: Frame) => {
    switch (frame.type) {
      case 'joined':
        if (epoch === undefined) last = (frame.next ?? 1) - 1
        epoch = frame.epoch
        ready = true
        sendFirst()
        return
      case 'event':
        if (frame.seq === undefined) return
        numbers.push(frame.seq)
        last = Math.max(last, frame.seq)
        if (frame.event?.kind === 'message' && frame.event.id) {
          messages.push({ channel: options.channel, seq: frame.seq, id: frame.event.id })
        }
        options.onDelivery(performance.now())
        return
      case 'skip':
        for (let seq = frame.from ?? 0; seq <= (frame.to ?? -1); seq++) numbers.push(seq)
        last = Math.max(last, frame.to ?? 0)
        return
      case 'gap':
        if (frame.lane === 'public' && frame.from !== undefined && frame.to !== undefined) {
          gaps.push({ from: frame.from, to: frame.to })
          last = Math.max(last, frame.to)
        }
        return
      case 'outcome':
        if (!frame.id) return
        if (frame.status === 'accepted' || frame.status === 'repeated') {
          acknowledgedSeq = Math.max(acknowledgedSeq, frame.seq ?? 0)
          answered(frame.id, 'accepted')
        } else if (frame.status === 'pending' || transient.has(frame.code ?? '')) resendSoon(resendMs)
        else answered(frame.id, frame.code ?? 'unknown')
        return
      case 'error':
        if (frame.id && transient.has(frame.code ?? '')) resendSoon(frame.retryAfterMs ?? resendMs)
        else if (frame.id) answered(frame.id, frame.code ?? 'unknown')
        else if (frame.channel) setTimeout(join, frame.retryAfterMs ?? resendMs)
        // Who we are could not be told now (`auth`): whoever goes on without may only watch.
        else if (transient.has(frame.code ?? '')) leave()
        return
    }
  }

  const connect = async (): Promise<void> => {
    while (!closed) {
      try {
        const token = await options.token?.()
        const mine = ++tries
        current = mine
        const opened = await openLoadSocket({
          port: options.port,
          path: '/v1/live',
          localAddress: options.localAddress,
          onText: (payload) => {
            if (current === mine) onFrame(JSON.parse(payload.toString('utf8')) as Frame)
          },
          onClose: () => {
            socket = undefined
            ready = false
            if (!closed) setTimeout(() => void connect(), reconnectMs)
          },
        })
        socket = opened
        connections++
        if (token) opened.send(JSON.stringify({ type: 'auth', token }))
        join()
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, reconnectMs))
      }
    }
  }
  void connect()

  return {
    post: (id, text) => {
      sent.push(id)
      unanswered.set(id, text)
      if (unanswered.size === 1) sendFirst()
    },
    unanswered: () => unanswered.size,
    acknowledged: () => sent.filter((id) => accepted.has(id)),
    rejected: () => rejected,
    seen: () => ({ channel: options.channel, numbers, messages, gaps }),
    joined: () => epoch !== undefined,
    present: () => ready,
    lastSeq: () => last,
    acknowledgedSeq: () => acknowledgedSeq,
    reconnects: () => connections - 1,
    close: () => {
      closed = true
      socket?.close()
    },
  }
}
