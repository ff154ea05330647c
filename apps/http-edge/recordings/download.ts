import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { HttpProblem } from '#libs/http/problem.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { type ProgressiveFile, progressiveFile, type SourceSegment } from '#libs/media/mp4/progressive.ts'
import { initFile, pieceFile } from '#libs/media/recording/piece.ts'
import type { Placed } from '#libs/media/recording/timeline.ts'

/** Each reads all of its recording: more would take the disk, or the line to the object store, from who watches. */
const MOST_AT_ONCE = 4

export type Download = {
  readonly folder: string
  readonly pieces: readonly Placed[]
  readonly fileName: string
}

export type Downloads = {
  /** Answers with a whole MP4 file. Throws `platform.busy` where too many do so at once. */
  readonly send: (download: Download, request: IncomingMessage, response: ServerResponse) => Promise<void>
}

export const createDownloads = (objects: Pick<ObjectStore, 'get'>, headers: readonly string[]): Downloads => {
  let underWay = 0

  const read = async (name: string): Promise<Buffer> => {
    const bytes = await objects.get(name)
    if (!bytes) throw new HttpProblem('playback.not_found')
    return bytes
  }

  const fileOf = ({ folder, pieces }: Download): Promise<ProgressiveFile | undefined> => {
    const segments: readonly SourceSegment[] = pieces.map((piece) => ({
      initName: initFile(piece.take, piece.init),
      init: () => read(folder + initFile(piece.take, piece.init)),
      bytes: () => read(folder + pieceFile(piece)),
      isBreak: piece.isBreak,
    }))
    return progressiveFile(segments)
  }

  return {
    send: async (download, request, response) => {
      if (underWay >= MOST_AT_ONCE) throw new HttpProblem('platform.busy')
      underWay++
      try {
        const file = await fileOf(download)
        if (!file) throw new HttpProblem('playback.not_found')
        response.writeHead(200, [
          ...headers,
          ...['Content-Type', 'video/mp4', 'Content-Length', String(file.bytes)],
          ...['Content-Disposition', `attachment; filename="${download.fileName}"`, 'Cache-Control', 'no-store'],
        ])
        if (request.method === 'HEAD') response.end()
        else await pipeline(file.chunks, response)
      } finally {
        underWay--
      }
    },
  }
}
