import { broadcastPageRoutes } from './http/broadcasts.ts'
import { streamKeyRoutes } from './http/keys.ts'
import { playbackRoutes } from './http/playback.ts'

/** Everything of a channel's broadcasts that is asked and told over HTTP. */
export const broadcastRoutes = [...streamKeyRoutes, ...broadcastPageRoutes, ...playbackRoutes]
