import { meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Exchange } from './exchange.ts'

/**
 * One line and one count for each answer. The pattern of the route stands for the path, and there is neither address nor
 * query nor account, so nothing of a person comes into the log; `requestId` is what a problem's `instance` names.
 */
export const logAnswer = (exchange: Exchange, logger: Logger): void => {
  const { request, response, requestId, route, code, startedAt, streaming } = exchange
  const status = response.writableFinished || streaming ? response.statusCode : 499
  const durationMs = Math.round((performance.now() - startedAt) * 10) / 10
  const line = { requestId, method: request.method, route, status, durationMs, ...(code !== undefined && { code }) }
  // Of queries that went well there are too many for a log, and the metrics count them.
  const level = status >= 500 ? 'warn' : status >= 400 || request.method !== 'GET' ? 'info' : 'debug'
  logger[level](line, 'answered')
  meters().requests.add(1, { route, method: request.method ?? '', status })
  if (!streaming) meters().stageSeconds.record(durationMs / 1000, { stage: 'http' })
}
