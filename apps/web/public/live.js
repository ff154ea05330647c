import { uuid7 } from './ids.js'

const FIRST_LINES = 50
const PING_MS = 25_000
const SILENCE_MS = 60_000
const SESSION_ENDED = 4002
const NOT_YET = new Set(['platform.busy', 'platform.unavailable', 'live.rate_limited'])

/**
 * A live connection to one channel that comes back by itself. It resumes from the last number that it has handed on, so
 * that `on.event` sees every number once; posts that were not answered go again with their id.
 *
 * `on`: connected(isConnected), joined(frame), event(frame), gap(frame), outcome({ id, ... }), signedOut(), and by their
 * types whatever other frames there are.
 */
export const openLive = ({ url, channel, token, on }) => {
  let socket
  /** The log whose numbers the server speaks of, and the one of the numbers that were handed on. */
  let log
  let epoch
  let last = 0
  let clockOffset = 0
  let failures = 0
  let heardAt = 0
  let wakeUp
  let closed = false
  let joined = false
  const unanswered = new Map()

  const send = (frame) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }

  /** One post is under way at a time, so that none overtakes an earlier one that has to be sent again. */
  const sendFirst = () => {
    const [first] = unanswered
    if (first && joined) send({ type: 'post', id: first[0], channel, ...first[1] })
  }

  const join = () =>
    send({ type: 'join', channel, ...(epoch === undefined ? { last: FIRST_LINES } : { from: { epoch, seq: last } }) })

  const answer = (outcome) => {
    if (!unanswered.delete(outcome.id)) return
    on.outcome(outcome)
    sendFirst()
  }

  const again = (id, afterMs) => setTimeout(() => unanswered.has(id) && sendFirst(), afterMs)

  const took = (number) => {
    last = Math.max(last, number)
  }

  const handlers = {
    hello: (frame) => {
      log = frame.epoch
      clockOffset = frame.serverTime - Date.now()
    },
    joined: (frame) => {
      failures = 0
      if (epoch !== frame.epoch) last = frame.next - 1
      epoch = frame.epoch
      on.connected(true)
      on.joined(frame)
      joined = true
      sendFirst()
    },
    event: (frame) => {
      if (frame.seq <= last) return
      took(frame.seq)
      on.event(frame)
    },
    skip: (frame) => took(frame.to),
    gap: (frame) => {
      if (frame.lane !== 'public') return
      // Of numbers that were never given those that are come from below.
      if (frame.cause === 'epoch') last = frame.to
      else took(frame.to)
      on.gap(frame)
    },
    outcome: (frame) => {
      if (frame.status === 'pending' || NOT_YET.has(frame.code)) again(frame.id, 1000)
      else answer(frame)
    },
    error: (frame) => {
      if (frame.code === 'live.invalid_token') on.signedOut()
      else if (frame.id !== undefined && NOT_YET.has(frame.code)) again(frame.id, frame.retryAfterMs ?? 1000)
      else if (frame.id !== undefined) answer({ id: frame.id, status: 'rejected', code: frame.code })
      // The way in was not open yet: it is tried anew like any lost connection, and waits longer each time.
      else if (NOT_YET.has(frame.code)) socket.close()
      else console.warn(frame.code, frame.message)
    },
    closing: (frame) => {
      wakeUp = frame.reconnectAfterMs
    },
  }

  const waitMs = () => wakeUp ?? Math.min(8000, 250 * 2 ** failures) * (0.5 + Math.random() / 2)

  const connect = async () => {
    let bearer
    try {
      bearer = await token()
    } catch {
      return retry()
    }
    if (closed) return
    const opened = new WebSocket(url)
    socket = opened
    heardAt = performance.now()
    opened.onopen = () => {
      if (bearer) send({ type: 'auth', token: bearer })
      join()
    }
    opened.onmessage = ({ data }) => {
      heardAt = performance.now()
      const frame = JSON.parse(data)
      const handle = handlers[frame.type] ?? on[frame.type]
      handle?.(frame)
    }
    opened.onclose = ({ code }) => {
      if (socket !== opened) return
      joined = false
      on.connected(false)
      if (code === SESSION_ENDED) on.signedOut()
      retry()
    }
  }

  const retry = () => {
    if (closed) return
    const after = waitMs()
    wakeUp = undefined
    failures++
    setTimeout(connect, after)
  }

  const heartbeat = setInterval(() => {
    if (performance.now() - heardAt > SILENCE_MS) socket?.close()
    else send({ type: 'ping' })
  }, PING_MS)
  addEventListener('online', () => socket?.close())
  connect()

  return {
    /** Posts { text, form?, replyTo?, attachments? }. @returns the id by which its outcome and its event are known. */
    post: (message) => {
      const id = uuid7(Date.now() + clockOffset)
      unanswered.set(id, message)
      if (unanswered.size === 1) sendFirst()
      return id
    },
    /** What is whispered to whoever is logged in is told from a number of their lane on. */
    followWhispers: (whisperSeq) => send({ type: 'follow-whispers', from: { epoch: log, whisperSeq } }),
    /** Goes on as whoever has logged in. The channel is joined anew, from the last number on, for the role in it. */
    identify: async () => {
      const bearer = await token()
      if (!bearer) return
      send({ type: 'auth', token: bearer })
      join()
    },
    /** Comes back as whoever is logged in by now. */
    reconnect: () => {
      wakeUp = 0
      socket?.close()
    },
    serverTime: () => Date.now() + clockOffset,
    close: () => {
      closed = true
      clearInterval(heartbeat)
      socket?.close()
    },
  }
}
