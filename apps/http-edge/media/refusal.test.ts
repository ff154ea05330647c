import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { HttpProblem, Problem } from '#libs/http/problem.ts'
import { ObjectStoreError } from '#libs/journal/objects.ts'
import { until } from '#libs/testing/until.ts'
import { createRefusal } from './refusal.ts'

type Line = { readonly level: string; readonly code: string; readonly requests: number; readonly requestId: string }

const setUp = () => {
  const lines: Line[] = []
  const refuse = createRefusal({
    warn: (line: object) => lines.push({ level: 'warn', ...line } as Line),
    error: (line: object) => lines.push({ level: 'error', ...line } as Line),
  } as never)
  const answer = (error: unknown) => {
    let body = ''
    const response = {
      headersSent: false,
      destroyed: false,
      writeHead: () => response,
      end: (text: string) => {
        body = text
      },
    }
    refuse(response as unknown as ServerResponse, error)
    return Problem.parse(JSON.parse(body))
  }
  const cut = (error: unknown): boolean => {
    let isCut = false
    const destroy = () => {
      isCut = true
    }
    refuse({ headersSent: true, destroyed: false, destroy } as unknown as ServerResponse, error)
    return isCut
  }
  return { lines, answer, cut }
}

test('what fails on the side of the platform is answered by its code, and stands in the log once for all who asked', async () => {
  const { lines, answer, cut } = setUp()
  const away = new ObjectStoreError('object.store_away', 'nobody answers')
  const [first, second] = [answer(away), answer(away)]
  assert.deepEqual([first.status, first.code, second.code], [503, 'playback.unavailable', 'playback.unavailable'])
  assert.equal(answer(new TypeError('a mistake of ours')).code, 'platform.internal')
  assert.equal(answer(new HttpProblem('playback.not_found')).code, 'playback.not_found')
  assert.equal(cut(away), true)
  assert.equal(cut(Object.assign(new Error('gone'), { code: 'ERR_STREAM_PREMATURE_CLOSE' })), true)
  await until(() => lines.length > 0)
  assert.deepEqual(
    lines.map(({ level, code, requests }) => [level, code, requests]),
    [
      ['warn', 'playback.unavailable', 2],
      ['error', 'platform.internal', 1],
      ['warn', 'http.cut_off', 1],
    ],
  )
  assert.equal(`urn:uuid:${lines[0]?.requestId}`, first.instance, 'the first answer names its line')
})
