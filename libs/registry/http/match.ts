import { badRequest, noSuchPath, wrongMethod } from '../errors.ts'
import type { RegistryRoute } from './request.ts'

const segmentsOf = (path: string): readonly string[] => path.split('/').filter((segment) => segment !== '')

/** A subject may hold a slash, so a path is cut before it is decoded. @throws RegistryError 400 */
const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw badRequest('its path is not well encoded')
  }
}

const paramsOf = (pattern: string, segments: readonly string[]): Record<string, string> | undefined => {
  const parts = segmentsOf(pattern)
  if (parts.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? ''
    if (part.startsWith('{')) params[part.slice(1, -1)] = segment
    else if (part !== segment) return undefined
  }
  return params
}

export type Match = { readonly route: RegistryRoute; readonly params: Readonly<Record<string, string>> }

/** @throws RegistryError 404 where no route has the path, 405 where none of those has the method */
export const matchRoute = (routes: readonly RegistryRoute[], method: string, path: string): Match => {
  const segments = segmentsOf(path).map(decoded)
  const matches = routes.flatMap((route) => {
    const params = paramsOf(route.path, segments)
    return params ? [{ route, params }] : []
  })
  if (matches.length === 0) throw noSuchPath()
  const match = matches.find(({ route }) => route.method === (method === 'HEAD' ? 'GET' : method))
  if (!match) throw wrongMethod()
  return match
}
