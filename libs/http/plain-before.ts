import type { RequestListener, ServerResponse } from 'node:http'
import type { PlainAnswer, PlainAnswers } from './plain-request.ts'

/** The same answers to requests that come by Node's server. */
export const plainBefore = ({ paths, answer }: PlainAnswers, handler: RequestListener): RequestListener => {
  const isPlain = new Set(paths)
  const send = (response: ServerResponse, { status, headers, body }: PlainAnswer): void => {
    response.writeHead(status, headers as string[]).end(body)
  }
  return (request, response) => {
    const { method, url = '', headers, socket } = request
    if (method !== 'GET' || !isPlain.has(url)) {
      handler(request, response)
      return
    }
    const forwarded = headers['x-forwarded-for']
    const answered = answer({
      path: url,
      host: headers.host,
      origin: headers.origin,
      authorization: headers.authorization,
      forwardedFor: Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      remoteAddress: socket.remoteAddress,
    })
    if (answered instanceof Promise) void answered.then((late) => send(response, late))
    else send(response, answered)
  }
}
