import { compatibilityRoutes } from './compatibility.ts'
import type { RegistryRoute } from './request.ts'
import { schemaRoutes } from './schemas.ts'
import { settingsRoutes } from './settings.ts'
import { subjectRoutes } from './subjects.ts'

const rootRoutes: readonly RegistryRoute[] = [
  { method: 'GET', path: '/', handle: async () => ({}) },
  { method: 'GET', path: '/contexts', handle: async () => ['.'] },
]

/** Confluent's REST API, as far as it concerns schemas. */
export const registryRoutes: readonly RegistryRoute[] = [
  ...rootRoutes,
  ...schemaRoutes,
  ...subjectRoutes,
  ...compatibilityRoutes,
  ...settingsRoutes,
]
