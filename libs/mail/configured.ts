import { join } from 'node:path'
import type { Config } from '#libs/config/config.ts'
import { safeError } from '#libs/http/safe-error.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { outboxMailer } from './outbox.ts'
import { createPost, type Post } from './post.ts'
import { smtpMailer } from './smtp.ts'

/** Mail by the settings: to a server, or into `outbox` in the data folder where none is named. */
export const openConfiguredPost = (
  config: Pick<Config, 'smtpUrl' | 'mailFrom' | 'data'>,
  logger: Pick<Logger, 'info' | 'error'>,
): Post => {
  const { smtpUrl, mailFrom: from, data } = config
  const mailer = smtpUrl
    ? smtpMailer({ url: smtpUrl, from })
    : outboxMailer({
        folder: join(data, 'outbox'),
        from,
        onWritten: (file) => logger.info({ file }, 'a mail was written: no mail server is named'),
      })
  return createPost({
    mailer,
    onLost: (error) => logger.error({ error: safeError(error) }, 'a mail was given up'),
  })
}
