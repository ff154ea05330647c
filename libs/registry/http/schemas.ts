import { allVersions, schemaByGuid, schemaById, usesOf, type Which } from '../store.ts'
import { prefixOf, subjectOf } from '../subject.ts'
import { contentEntity, versionEntity } from './entities.ts'
import { rawText } from './reply.ts'
import { idParam, isAsked, pageOf, param, type RegistryRequest, type RegistryRoute } from './request.ts'

const MOST_SCHEMAS = 1_000

const whichOf = (request: RegistryRequest): Which => (isAsked(request, 'deleted') ? 'all' : 'live')

/** Uses of an id, of one subject alone where that is asked for. @throws RegistryError 40403 where there is no such id */
const usesAsked = async (request: RegistryRequest, sql: Parameters<RegistryRoute['handle']>[1]) => {
  const { id } = await schemaById(sql, idParam(request))
  const subject = request.query.get('subject')
  const uses = await usesOf(sql, id, whichOf(request))
  return subject === null ? uses : uses.filter((use) => use.subject === subjectOf(subject))
}

export const schemaRoutes: readonly RegistryRoute[] = [
  {
    method: 'GET',
    path: '/schemas',
    handle: async (request, sql) => {
      const prefix = prefixOf(request.query.get('subjectPrefix') ?? undefined)
      const asked = {
        prefix,
        which: whichOf(request),
        latestOnly: isAsked(request, 'latestOnly'),
        ...pageOf(request, MOST_SCHEMAS),
      }
      return (await allVersions(sql, asked)).map(versionEntity)
    },
  },
  { method: 'GET', path: '/schemas/types', handle: async () => ['AVRO'] },
  {
    method: 'GET',
    path: '/schemas/ids/{id}',
    handle: async (request, sql) => contentEntity(await schemaById(sql, idParam(request))),
  },
  {
    method: 'GET',
    path: '/schemas/ids/{id}/schema',
    handle: async (request, sql) => rawText((await schemaById(sql, idParam(request))).text),
  },
  {
    method: 'GET',
    path: '/schemas/ids/{id}/subjects',
    handle: async (request, sql) => [...new Set((await usesAsked(request, sql)).map(({ subject }) => subject))],
  },
  { method: 'GET', path: '/schemas/ids/{id}/versions', handle: usesAsked },
  {
    method: 'GET',
    path: '/schemas/guids/{guid}',
    handle: async (request, sql) => contentEntity(await schemaByGuid(sql, param(request, 'guid'))),
  },
]
