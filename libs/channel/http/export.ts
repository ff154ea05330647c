import type { ServerResponse } from 'node:http'
import { pacedWriter } from '#libs/http/paced.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { ReplyStream } from '#libs/http/route.ts'
import type { MessageView } from '../reads/views.ts'
import { shownMessage } from './messages.ts'

export const exportType = 'application/x-ndjson'

/** At once, over all channels: each holds a page in memory and asks the read model without pause. */
const mostExports = 4
const pageSize = 500

let running = 0

/** Messages behind a number, in their order. */
type Page = (after: number, limit: number) => Promise<readonly MessageView[]>

const write = async (response: ServerResponse, page: Page, from: number): Promise<void> => {
  const taken = pacedWriter(response)
  let after = from
  while (!response.destroyed) {
    const messages = await page(after, pageSize)
    const last = messages.at(-1)
    if (!last) break
    after = last.seq
    await taken(messages.map((message) => `${JSON.stringify(shownMessage(message))}\n`).join(''))
  }
  response.end()
}

/**
 * A history, a message a line.
 * Throws `platform.busy` where enough of them are under way.
 */
export const exportStream = (page: Page, after: number): ReplyStream => {
  if (running >= mostExports) throw new HttpProblem('platform.busy')
  return {
    contentType: exportType,
    run: async (response) => {
      running += 1
      try {
        await write(response, page, after)
      } finally {
        running -= 1
      }
    },
  }
}
