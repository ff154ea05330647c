import { type Config, ConfigError } from '#libs/config/config.ts'
import { readTls } from '#libs/config/tls.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { RtmpListener, Tls } from './listener.ts'

type Files = Pick<Config, 'rtmpsCert' | 'rtmpsKey'>

const LOOK_MS = 60_000

/** Certificate and key of RTMPS. Throws {@link ConfigError} where the files cannot be used. */
export const rtmpsTls = ({ rtmpsCert, rtmpsKey }: Files): Tls => {
  const named = (name: string, path: string | undefined) => (path === undefined ? undefined : { name, path })
  const { cert, key } = readTls({ cert: named('RTMPS_CERT', rtmpsCert), key: named('RTMPS_KEY', rtmpsKey) })
  if (!cert || !key) throw new ConfigError('RTMPS_PORT needs RTMPS_CERT and RTMPS_KEY')
  return { cert, key }
}

export type RenewalOptions = {
  readonly files: Files
  /** What is shown now. */
  readonly shown: Tls
  readonly renew: RtmpListener['renewTls']
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly everyMs?: number
}

/**
 * Looks at the files every minute: authorities give certificates for weeks. Whoever publishes goes on under the former one;
 * where the new ones cannot be used, so does everybody, and the log says why.
 * @returns ends it
 */
export const followTls = ({ files, shown, renew, logger, everyMs = LOOK_MS }: RenewalOptions): (() => void) => {
  let known = shown
  let told: string | undefined

  const look = (): void => {
    try {
      const found = rtmpsTls(files)
      told = undefined
      if (found.cert.equals(known.cert) && found.key.equals(known.key)) return
      renew(found)
      known = found
      logger.info('encoders are shown a new certificate')
    } catch (error) {
      const { message } = error as Error
      if (message !== told)
        logger.warn({ code: 'rtmps.certificate_unusable', error: message }, 'encoders are shown the former certificate')
      told = message
    }
  }

  const looking = setInterval(look, everyMs).unref()
  return () => clearInterval(looking)
}
