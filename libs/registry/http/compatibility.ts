import type { Sql } from 'postgres'
import { hindrances } from '../compatibility.ts'
import { readPosted } from '../content.ts'
import type { Version } from '../model.ts'
import { levelOf } from '../settings.ts'
import { hasSubject, versionOf, versionsOf } from '../store.ts'
import { subjectOf } from '../subject.ts'
import { isAsked, param, postedOf, type RegistryRequest, type RegistryRoute, versionParam } from './request.ts'

const check = async (request: RegistryRequest, sql: Sql, subject: string, earlier: readonly Version[]) => {
  const draft = await readPosted(sql, postedOf(request).posted, isAsked(request, 'normalize'))
  const messages = await hindrances(sql, await levelOf(sql, subject), draft.parsed, earlier)
  return { is_compatible: messages.length === 0, ...(isAsked(request, 'verbose') && { messages }) }
}

/** Against the level that holds for the subject: all versions where it is transitive, else the latest; or one version. */
export const compatibilityRoutes: readonly RegistryRoute[] = [
  {
    method: 'POST',
    path: '/compatibility/subjects/{subject}/versions',
    handle: async (request, sql) => {
      const subject = subjectOf(param(request, 'subject'))
      return check(request, sql, subject, await versionsOf(sql, subject, 'live'))
    },
  },
  {
    method: 'POST',
    path: '/compatibility/subjects/{subject}/versions/{version}',
    handle: async (request, sql) => {
      const subject = subjectOf(param(request, 'subject'))
      const version = versionParam(request)
      if (version === 'latest' && !(await hasSubject(sql, subject, 'live'))) return check(request, sql, subject, [])
      return check(request, sql, subject, [await versionOf(sql, subject, version, 'live')])
    },
  },
]
