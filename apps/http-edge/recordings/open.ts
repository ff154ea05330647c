import type { RequestListener } from 'node:http'
import type { BroadcastEdge } from '#libs/broadcast/http/edge.ts'
import { createPlaybackTokens } from '#libs/broadcast/playback-tokens.ts'
import type { RecordingEdge } from '#libs/broadcast/recordings/http/edge.ts'
import { vodReads } from '#libs/broadcast/recordings/reads.ts'
import { chatReplay } from '#libs/channel/reads/chat-replay.ts'
import type { Config } from '#libs/config/config.ts'
import { createPostgresDependency, guarded } from '#libs/readmodel/dependency.ts'
import type { Backbone } from '../backbone.ts'
import type { RefuseMedia } from '../media/refusal.ts'
import { createLibrary, shelvedClip, shelvedVod } from './library.ts'
import { serveRecordings } from './serve.ts'

/** Longer than anybody watches in one go: the addresses in a playlist are not renewed. */
const TOKEN_LIFETIME_MS = 12 * 3_600_000

/** Recordings of this edge: what its routes stand on, and their media in front of an application. */
export const openRecordings = (
  config: Pick<Config, 'recordingQuota' | 'recordingRetentionDays' | 'clipRetentionDays'>,
  { sql, objects, vault }: Pick<Backbone, 'sql' | 'objects' | 'vault'>,
  broadcast: BroadcastEdge,
  refuse: RefuseMedia,
): { readonly edge: RecordingEdge; readonly before: (application: RequestListener) => RequestListener } => {
  const dependency = createPostgresDependency('recordings')
  const retention = { retentionDays: config.recordingRetentionDays, clipRetentionDays: config.clipRetentionDays }
  const vods = guarded(dependency, vodReads(sql, retention))
  const { chat } = guarded(dependency, { chat: chatReplay(sql) })
  const library = createLibrary(vods, objects)
  const tokens = createPlaybackTokens(vault.hashes.playback, broadcast.now, TOKEN_LIFETIME_MS)
  return {
    edge: {
      ...broadcast,
      vods,
      vodTokens: tokens,
      pieces: (of) => library.pieces('clipId' in of ? shelvedClip(of) : shelvedVod(of)),
      chat,
      quotaBytes: config.recordingQuota ?? null,
      retention,
    },
    before: (application) => serveRecordings({ library, tokens, objects, refuse }, application),
  }
}
