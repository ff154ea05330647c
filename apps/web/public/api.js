import { uuid7 } from './ids.js'

/** What the REST API answered with instead: `code` is stable, `message` is for people. */
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}`)
    this.status = status
    this.code = problem.code
    this.problem = problem
  }
}

/** The REST API under `/v1`. Who is logged in is known by the session's cookie; calls carry a token fetched with it. */
export const createApi = () => {
  let token
  let tokenUntil = 0

  const call = async (method, path, { body, bearer } = {}) => {
    const headers = {}
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (bearer) headers.authorization = `Bearer ${bearer}`
    if (method !== 'GET') headers['idempotency-key'] = uuid7(Date.now())
    const response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const value = text === '' ? undefined : JSON.parse(text)
    if (!response.ok) throw new ApiError(response.status, value ?? {})
    return value
  }

  const keep = (answer) => {
    token = answer.accessToken
    tokenUntil = performance.now() + (answer.expiresInSeconds - 60) * 1000
    return answer
  }

  return {
    config: () => call('GET', '/v1/config'),
    channel: async (slug) => (await call('GET', `/v1/channels?slug=${encodeURIComponent(slug)}`)).channels[0],
    messages: (channel, before, limit = 50) =>
      call('GET', `/v1/channels/${channel}/messages?limit=${limit}${before ? `&before=${before}` : ''}`),
  }
}
