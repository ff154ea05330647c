import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { askedBytes } from '#libs/http/byte-range.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Filed, RecordingFiles } from './files.ts'

/** Players hold a connection each, and read from it now and then. */
const MOST_AT_ONCE = 64
/** Who has read nothing for so long asks again, from where they were. */
const STALLED_MS = 60_000

export type Download = Filed & { readonly fileName: string }

export type Downloads = {
  /**
   * Answers with an MP4 file, or with the range of it that is asked for (RFC 9110, section 14), so that browsers seek in it
   * and a download that was cut goes on. Throws `platform.busy` where too many do so at once.
   */
  readonly send: (download: Download, request: IncomingMessage, response: ServerResponse) => Promise<void>
}

const exposed = ['Access-Control-Expose-Headers', 'Accept-Ranges, Content-Range, ETag'] as const

export const createDownloads = (files: RecordingFiles, headers: readonly string[]): Downloads => {
  let underWay = 0

  const answer = async (download: Download, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const file = await files.open(download)
    if (!file) throw new HttpProblem('playback.not_found')
    const tag = files.tagOf(download)
    // Of a HEAD request a range means nothing.
    const asked = request.method === 'HEAD' ? 'whole' : askedBytes(request.headers, file.bytes, tag)
    if (asked === 'unsatisfiable')
      throw new HttpProblem('playback.out_of_range', { headers: { 'Content-Range': `bytes */${file.bytes}` } })
    const { from, to } = asked === 'whole' ? { from: 0, to: file.bytes } : asked
    response.writeHead(asked === 'whole' ? 200 : 206, [
      ...headers,
      ...exposed,
      ...['Content-Type', 'video/mp4', 'Content-Length', String(to - from), 'Accept-Ranges', 'bytes', 'ETag', tag],
      ...(asked === 'whole' ? [] : ['Content-Range', `bytes ${from}-${to - 1}/${file.bytes}`]),
      ...['Content-Disposition', `attachment; filename="${download.fileName}"`, 'Cache-Control', 'no-store'],
    ])
    if (request.method === 'HEAD') {
      response.end()
      return
    }
    response.setTimeout(STALLED_MS, () => response.destroy())
    await pipeline(file.read({ from, to }), response)
  }

  return {
    send: async (download, request, response) => {
      if (underWay >= MOST_AT_ONCE) throw new HttpProblem('platform.busy')
      underWay++
      try {
        await answer(download, request, response)
      } finally {
        underWay--
      }
    },
  }
}
