import { accountCalls } from './account/calls.js'
import { uuid7 } from './ids.js'
import { moderationCalls } from './moderation/calls.js'
import { settingsCalls } from './settings/calls.js'
import { whisperCalls } from './whispers/calls.js'

/** What the REST API answered with instead: `code` is stable, `message` is for people. */
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}`)
    this.status = status
    this.code = problem.code
    this.problem = problem
  }
}

/** What is undefined is left out. */
const queryOf = (query) => `?${new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined))}`

/** Remembers that there may be a session, so that a visitor without one asks for no token. */
const SIGNED_IN = 'whiply.signedIn'

/** Messages as they are shown: what was deleted says nothing. */
const linesOf = ({ messages }) =>
  messages.filter(({ text }) => text !== null).map((message) => ({ ...message, at: Date.parse(message.at) }))

/** What shows to the server that a write by cookie is this page's own. */
const CSRF_TOKEN = 'whiply.csrfToken'

/** What is no JSON. */
const bytes = /^(?:application\/zip|image\/|text\/csv)/

/** A token is renewed so long before it runs out. */
const MARGIN_MS = 60_000

/** So long a request may keep other tabs from theirs. */
const TURN_MS = 15_000

/**
 * A cookie is good once, and all tabs have the same: what brings another goes one after another, where the browser has locks.
 * `work({ signal })` makes its requests with that signal, so that one that hangs lets others go on.
 */
const inTurn = (work) => {
  const within = async () => {
    try {
      return await work({ signal: AbortSignal.timeout(TURN_MS) })
    } catch (error) {
      if (error.name !== 'TimeoutError') throw error
      throw new ApiError(504, { code: 'platform.timeout', title: 'The server took too long' })
    }
  }
  return globalThis.navigator?.locks ? navigator.locks.request('whiply.renewal', within) : within()
}

/**
 * The REST API under `/v1`. Who is logged in is known by the session's cookie; calls carry a token fetched with it.
 * `reauthenticate` has a person show once more who they are, where a call wants that, which is then made again.
 */
export const createApi = ({ reauthenticate } = {}) => {
  let bearer
  let bearerUntil = 0
  let renewal
  let renewing
  /** What ends this page's session and brings another; the one before is not renewed meanwhile. */
  let replacing = Promise.resolve()

  const call = async (method, path, { body, token, headers: asked, signal } = {}) => {
    const headers = { ...asked }
    const isFile = body instanceof Blob
    if (body !== undefined) headers['content-type'] = isFile ? body.type : 'application/json'
    if (token) headers.authorization = `Bearer ${token}`
    const csrfToken = localStorage.getItem(CSRF_TOKEN)
    if (csrfToken) headers['x-csrf-token'] = csrfToken
    if (method !== 'GET') headers['idempotency-key'] = uuid7(Date.now())
    const response = await fetch(path, {
      method,
      headers,
      signal,
      ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
    })
    if (response.ok && bytes.test(response.headers.get('content-type'))) return response.blob()
    const text = await response.text()
    const value = text === '' ? undefined : JSON.parse(text)
    if (!response.ok) throw new ApiError(response.status, value ?? {})
    // Nobody knows yet whether it will be done: that is no answer to go on with.
    if (response.status === 202 && value?.status === 'pending')
      throw new ApiError(202, { ...value, code: 'command.pending', title: 'It is sent, and not decided yet' })
    return value
  }

  const forget = () => {
    bearer = undefined
    localStorage.removeItem(SIGNED_IN)
    localStorage.removeItem(CSRF_TOKEN)
    clearTimeout(renewal)
  }

  const keep = ({ accessToken, expiresInSeconds, csrfToken, account, mustChangePassword }) => {
    bearer = accessToken
    const holdsMs = expiresInSeconds * 1000 - MARGIN_MS
    bearerUntil = performance.now() + holdsMs
    localStorage.setItem(SIGNED_IN, 'yes')
    localStorage.setItem(CSRF_TOKEN, csrfToken)
    clearTimeout(renewal)
    renewal = setTimeout(() => renew().catch(() => {}), holdsMs)
    return { ...account, mustChangePassword }
  }

  const renewNow = async (limit) => {
    if (!localStorage.getItem(SIGNED_IN)) return undefined
    try {
      return keep(await call('POST', '/v1/tokens', limit))
    } catch (error) {
      if (error.status !== 401) throw error
      forget()
      return undefined
    }
  }

  /** However many ask for it at once, it is renewed once. */
  const renew = () => {
    renewing ??= inTurn(renewNow).finally(() => {
      renewing = undefined
    })
    return renewing
  }

  /** A token that holds for a while, or undefined where nobody is logged in. */
  const token = async () => {
    if (bearer && performance.now() < bearerUntil) return bearer
    bearer = undefined
    await renew()
    return bearer
  }

  /** What is done about an answer, before the call is made once more. */
  const remedies = {
    // Before its time, where what it says of its owner holds no more: the next one says it anew.
    'identity.token_expired': () => {
      bearer = undefined
    },
    'http.reauthentication_required': reauthenticate,
  }

  /**
   * `around(made)` is told of each time that the call is made, with a token that was renewed before, and may give `made` a
   * `signal` that ends it; `headers` go with it.
   */
  const act = async (method, path, body, { around = (made) => made(), headers, tried = [] } = {}) => {
    try {
      const held = await token()
      return await around((limit) => call(method, path, { body, token: held, headers, ...limit }))
    } catch (error) {
      const remedy = remedies[error.code]
      if (!remedy || tried.includes(error.code)) throw error
      await remedy()
      return act(method, path, body, { around, headers, tried: [...tried, error.code] })
    }
  }

  /** For calls that bring another cookie: no tab renews the one before meanwhile, which would end its session. */
  const enter = (made) =>
    inTurn(async (limit) => {
      const answer = await made(limit)
      return answer.challenge ? answer : keep(answer)
    })

  const replace = (entered) => {
    replacing = entered
    return entered
  }

  const read = (path, query = {}) => act('GET', path + queryOf(query))

  return {
    ...accountCalls({ call, act, enter, replace }),
    ...moderationCalls({ read, act }),
    ...settingsCalls({ read, act }),
    ...whisperCalls({ read, act }),
    token,
    /** The account that is logged in though a session has ended: by the one that came in its place, if there is one. */
    lookAgain: async () => {
      await replacing.catch(() => {})
      bearer = undefined
      return renew()
    },
    /** The account of the session's cookie, if there is one. */
    whoAmI: renew,
    config: () => call('GET', '/v1/config'),
    channel: async (slug) => {
      const { channels } = await call('GET', `/v1/channels?slug=${encodeURIComponent(slug)}`)
      if (!channels[0]) throw new ApiError(404, { code: 'channel.unknown', title: `There is no channel ${slug}` })
      return channels[0]
    },
    account: (id) => call('GET', `/v1/accounts/${id}`),
    channelById: (id) => call('GET', `/v1/channels/${id}`),
    /** Since when whoever is logged in follows a channel, as of a position. */
    following: (channel, position) =>
      act('GET', `/v1/channels/${channel}/following${position ? `?min-position=${encodeURIComponent(position)}` : ''}`),
    /** What a channel says of its broadcasts, and the one that is live. */
    broadcast: (channel) => call('GET', `/v1/channels/${channel}/broadcast`),
    broadcasts: () => call('GET', '/v1/broadcasts'),
    /** Where a broadcast is watched by whoever is logged in. */
    playback: async (channel) => call('GET', `/v1/channels/${channel}/playback`, { token: await token() }),
    /** Where the recording of a broadcast is watched, as far as it has come; and a clip. */
    vodPlayback: async (vod) => call('GET', `/v1/vods/${vod}/playback`, { token: await token() }),
    clipPlayback: async (clip) => call('GET', `/v1/clips/${clip}/playback`, { token: await token() }),
    /** A clip, as of a position. */
    clip: async (clip, position) =>
      call('GET', `/v1/clips/${clip}${queryOf({ 'min-position': position })}`, { token: await token() }),
    /** A recording with its chapters, and those of a channel, the latest first. */
    vod: async (vod) => call('GET', `/v1/vods/${vod}`, { token: await token() }),
    vods: async (channel, query) =>
      call('GET', `/v1/channels/${channel}/vods${queryOf(query)}`, { token: await token() }),
    /** The clips of a channel, the latest first. */
    clips: async (channel, query) =>
      call('GET', `/v1/channels/${channel}/clips${queryOf(query)}`, { token: await token() }),
    /** How a channel’s broadcasts are kept, and what that takes. */
    recordingSettings: (channel) => act('GET', `/v1/channels/${channel}/recordings`),
    changeRecordings: (channel, settings) => act('PATCH', `/v1/channels/${channel}/recordings`, settings),
    /** What was said beside a recording, from `at` on `for` so many seconds. */
    vodChat: async (vod, query) => call('GET', `/v1/vods/${vod}/chat${queryOf(query)}`, { token: await token() }),
    makeClip: (vod, clip) => act('POST', `/v1/vods/${vod}/clips`, clip),
    changeBroadcast: (channel, info) => act('PATCH', `/v1/channels/${channel}/broadcast`, info),
    /** For moderators: it ends for everybody. */
    stopBroadcast: (channel) => act('POST', `/v1/channels/${channel}/broadcast/stop`),
    broadcastHealth: (channel) => act('GET', `/v1/channels/${channel}/broadcast/health`),
    streamKeys: (channel) => act('GET', `/v1/channels/${channel}/stream-keys`),
    /** The key itself is in this answer and nowhere else. */
    issueStreamKey: (channel, key) => act('POST', `/v1/channels/${channel}/stream-keys`, key),
    rotateStreamKey: (channel, key) => act('POST', `/v1/channels/${channel}/stream-keys/${key}/rotation`),
    revokeStreamKey: (channel, key) => act('DELETE', `/v1/channels/${channel}/stream-keys/${key}`),
    watching: (channel, viewer) => call('POST', `/v1/channels/${channel}/watching`, { body: { viewer } }),
    /** A page of history, oldest first, and whether there is more before it. What was deleted is left out. */
    messages: async (channel, before, limit) => {
      const page = await call('GET', `/v1/channels/${channel}/messages${queryOf({ before, limit })}`)
      return { messages: linesOf(page), before: page.before }
    },
    /** So many messages before one and as many behind it, and itself. */
    around: async (channel, id, count) =>
      linesOf(await call('GET', `/v1/channels/${channel}/messages/${id}/context?before=${count}&after=${count}`)),
    /** One message as it stands; undefined where it was deleted. */
    message: async (channel, id) => {
      const page = await call('GET', `/v1/channels/${channel}/messages/${id}/context?before=0&after=0`)
      return page.messages.find((message) => message.id === id && message.text !== null)
    },
    logOut: async () => {
      await inTurn((limit) => call('DELETE', '/v1/sessions/current', limit)).finally(forget)
    },
    emotes: (channel) => call('GET', `/v1/channels/${channel}/emotes`),
    /** Sends a picture in. @returns what a message names it by */
    upload: async (channel, file) => (await act('POST', `/v1/channels/${channel}/attachments`, file)).id,
    deleteMessage: (channel, message) => act('DELETE', `/v1/channels/${channel}/messages/${message}`),
    act: (channel, asked) => act('POST', `/v1/channels/${channel}/acts`, asked),
    timeOut: (channel, account, durationMs) =>
      act('PUT', `/v1/channels/${channel}/timeouts/${account}`, { durationMs }),
  }
}
