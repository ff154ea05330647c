import { catalogueRoutes } from './catalogue/routes.ts'
import { streamRoutes } from './streams/routes.ts'

/** Everything of public topics over HTTP. */
export const integrationRoutes = [...streamRoutes, ...catalogueRoutes]
