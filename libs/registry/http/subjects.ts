import { subjectNotFound } from '../errors.ts'
import { lookUp, register } from '../register.ts'
import { removeSubject, removeVersion } from '../remove.ts'
import { referencing, subjects, versionOf, versionsOf, type Which } from '../store.ts'
import { prefixOf, subjectOf } from '../subject.ts'
import { versionEntity } from './entities.ts'
import { rawText } from './reply.ts'
import { isAsked, pageOf, param, postedOf, type RegistryRequest, type RegistryRoute, versionParam } from './request.ts'

const MOST_SUBJECTS = 20_000

const subject = (request: RegistryRequest): string => subjectOf(param(request, 'subject'))

const whichOf = (request: RegistryRequest): Which =>
  isAsked(request, 'deletedOnly') ? 'deleted' : isAsked(request, 'deleted') ? 'all' : 'live'

const asked = (request: RegistryRequest, sql: Parameters<RegistryRoute['handle']>[1]) =>
  versionOf(sql, subject(request), versionParam(request), isAsked(request, 'deleted') ? 'all' : 'live')

export const subjectRoutes: readonly RegistryRoute[] = [
  {
    method: 'GET',
    path: '/subjects',
    handle: (request, sql) => {
      const prefix = prefixOf(request.query.get('subjectPrefix') ?? undefined)
      return subjects(sql, { prefix, which: whichOf(request), ...pageOf(request, MOST_SUBJECTS) })
    },
  },
  {
    method: 'POST',
    path: '/subjects/{subject}',
    handle: async (request, sql) => {
      const how = { normalize: isAsked(request, 'normalize'), which: whichOf(request) }
      return versionEntity(await lookUp(sql, subject(request), postedOf(request).posted, how))
    },
  },
  {
    method: 'DELETE',
    path: '/subjects/{subject}',
    handle: (request, sql) => removeSubject(sql, subject(request), isAsked(request, 'permanent')),
  },
  {
    method: 'GET',
    path: '/subjects/{subject}/versions',
    handle: async (request, sql) => {
      const found = await versionsOf(sql, subject(request), whichOf(request))
      if (found.length === 0) throw subjectNotFound(subject(request))
      return found.map(({ version }) => version)
    },
  },
  {
    method: 'POST',
    path: '/subjects/{subject}/versions',
    handle: async (request, sql) => {
      const { posted, id, version } = postedOf(request)
      const wanted = { normalize: isAsked(request, 'normalize'), id, version }
      const { id: given, ...registered } = versionEntity(await register(sql, subject(request), posted, wanted))
      return { id: given, version: registered.version, guid: registered.guid, schema: registered.schema }
    },
  },
  {
    method: 'GET',
    path: '/subjects/{subject}/versions/{version}',
    handle: async (request, sql) => versionEntity(await asked(request, sql)),
  },
  {
    method: 'GET',
    path: '/subjects/{subject}/versions/{version}/schema',
    handle: async (request, sql) => rawText((await asked(request, sql)).text),
  },
  {
    method: 'GET',
    path: '/subjects/{subject}/versions/{version}/referencedby',
    handle: async (request, sql) => {
      const found = await versionOf(sql, subject(request), versionParam(request), 'all')
      return referencing(sql, found.subject, found.version)
    },
  },
  {
    method: 'DELETE',
    path: '/subjects/{subject}/versions/{version}',
    handle: (request, sql) =>
      removeVersion(sql, subject(request), versionParam(request), isAsked(request, 'permanent')),
  },
]
