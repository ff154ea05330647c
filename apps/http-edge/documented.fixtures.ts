import assert from 'node:assert/strict'
import { documentedErrors } from '#libs/http/documented-errors.ts'
import type { RouteDocument } from '#libs/http/route.ts'
import { documentedRoutes, tokenCodes } from './openapi.ts'

const patterns = documentedRoutes.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}))

export const routeOf = (method: string, path: string): RouteDocument | undefined =>
  patterns.find(({ route, pattern }) => route.method === method && pattern.test(path.split('?')[0] ?? ''))?.route

/** Holds answers to the documentation, and remembers which of it was seen. */
export const createDocumentedCheck = () => {
  const seen = new Set<string>()
  return {
    /** Fails on a status or a code that the route does not document. */
    observe: (method: string, path: string, status: number, code: unknown): void => {
      const route = routeOf(method, path)
      if (!route) return
      seen.add(`${route.id} ${status}`)
      if (status >= 400)
        assert.ok(documentedErrors(route, tokenCodes).includes(String(code)), `${route.id} answers ${code}`)
      else assert.ok(status in route.responses, `${route.id} answers ${status}`)
    },
    /** Documented answers that are no problems and have not been seen. */
    unseen: (): readonly string[] =>
      documentedRoutes
        .flatMap(({ id, responses }) => Object.keys(responses).map((status) => `${id} ${status}`))
        .filter((answer) => !seen.has(answer)),
  }
}
