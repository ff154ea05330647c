import { type Config, ConfigError } from '#libs/config/config.ts'
import { readTls } from '#libs/config/tls.ts'
import type { RtmpListenerOptions } from './listener.ts'

/** Certificate and key of RTMPS. Throws {@link ConfigError} where the files cannot be used. */
export const rtmpsTls = ({
  rtmpsCert,
  rtmpsKey,
}: Pick<Config, 'rtmpsCert' | 'rtmpsKey'>): NonNullable<RtmpListenerOptions['tls']> => {
  const named = (name: string, path: string | undefined) => (path === undefined ? undefined : { name, path })
  const { cert, key } = readTls({ cert: named('RTMPS_CERT', rtmpsCert), key: named('RTMPS_KEY', rtmpsKey) })
  if (!cert || !key) throw new ConfigError('RTMPS_PORT needs RTMPS_CERT and RTMPS_KEY')
  return { cert, key }
}
