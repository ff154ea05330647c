import type { RequestListener } from 'node:http'
import type { BroadcastEdge } from '#libs/broadcast/http/edge.ts'
import type { Config } from '#libs/config/config.ts'
import { gauge } from '#libs/telemetry/instruments.ts'
import { openOrigins } from './origin.ts'
import type { RefuseMedia } from './refusal.ts'
import { serveMedia } from './serve.ts'
import { createShield } from './shield.ts'
import { createSources } from './sources.ts'

/** Live video of this edge, in front of an application. */
export const openMedia = (
  { mediaCacheBytes: cacheBytes }: Pick<Config, 'mediaCacheBytes'>,
  { reads, tokens }: Pick<BroadcastEdge, 'reads' | 'tokens'>,
  refuse: RefuseMedia,
): { readonly before: (application: RequestListener) => RequestListener; readonly close: () => void } => {
  const origins = openOrigins()
  const shield = createShield({ fetch: origins.fetch, cacheBytes })
  const source = createSources(reads.source)
  const removeGauge = gauge('whiply_media_cache_bytes', 'Live video that this edge keeps', () => [
    { value: shield.bytes() },
  ])
  return {
    before: (application) => serveMedia({ source, tokens, shield, refuse }, application),
    close: () => {
      removeGauge()
      origins.close()
    },
  }
}
