import { join } from 'node:path'
import type { Config } from '#libs/config/config.ts'
import { safeError } from '#libs/http/safe-error.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Mailer } from './mailer.ts'
import { outboxMailer } from './outbox.ts'
import { createPost, type Post } from './post.ts'
import { smtpMailer } from './smtp.ts'

type MailConfig = Pick<Config, 'smtpUrl' | 'mailFrom' | 'data'>

/** Mail by the settings: to a server, or into `outbox` in the data folder where none is named. */
export const openConfiguredMailer = (config: MailConfig, logger: Pick<Logger, 'info'>): Mailer => {
  const { smtpUrl, mailFrom: from, data } = config
  return smtpUrl
    ? smtpMailer({ url: smtpUrl, from })
    : outboxMailer({
        folder: join(data, 'outbox'),
        from,
        onWritten: (file) => logger.info({ file }, 'a mail was written: no mail server is named'),
      })
}

/** For `onLost`: says that a mail was given up, and nothing of it. */
export const logLost =
  (logger: Pick<Logger, 'error'>) =>
  (error: unknown): void =>
    logger.error({ error: safeError(error) }, 'a mail was given up')

/** The same, sent behind answers. */
export const openConfiguredPost = (config: MailConfig, logger: Pick<Logger, 'info' | 'error'>): Post =>
  createPost({ mailer: openConfiguredMailer(config, logger), onLost: logLost(logger) })
