import type { BoundRoute, UntypedReply } from './route.ts'

/** Throws where an answer is not one that the route documents. */
export const verifyReply = (route: BoundRoute, reply: UntypedReply): void => {
  const spec = route.responses[reply.status]
  const name = `${route.method} ${route.path} ${reply.status}`
  if (!spec) throw new Error(`${name} is not documented`)
  if (spec.streams) {
    if (!reply.stream || !(reply.stream.contentType in spec.streams)) throw new Error(`${name} is no documented stream`)
    return
  }
  if (spec.bytes !== undefined) {
    if (!Buffer.isBuffer(reply.body)) throw new Error(`${name} is no ${spec.bytes}`)
    return
  }
  if (!spec.body) {
    if (reply.body !== undefined) throw new Error(`${name} has a body that is not documented`)
    return
  }
  const result = spec.body.safeParse(reply.body)
  if (!result.success) throw new Error(`${name} is not as documented: ${result.error.message}`)
}
