import { type Config, ConfigError } from '#libs/config/config.ts'
import { openFolderObjects } from './objects/folder.ts'
import { openS3Objects } from './objects/s3/open.ts'
import { type ObjectStore, ObjectStoreError } from './objects.ts'

export type ObjectsConfig = Pick<
  Config,
  'objectStore' | 's3Endpoint' | 's3Region' | 's3PathStyle' | 's3AccessKeyId' | 's3SecretAccessKey'
>

const SCHEME = 's3://'

/**
 * The object store that the settings name, which was asked for a sign of life.
 * @param onAway where it is given, a store that does not answer now is told, and opened all the same: for whoever can do
 *   without it for a while
 * @throws ConfigError for a bucket without credentials
 * @throws ObjectStoreError for one that does not serve
 */
export const openConfiguredObjects = async (
  config: ObjectsConfig,
  onAway?: (error: ObjectStoreError) => void,
): Promise<ObjectStore> => {
  const { objectStore, s3Region: region, s3AccessKeyId, s3SecretAccessKey } = config
  if (!objectStore.startsWith(SCHEME)) return openFolderObjects(objectStore)
  if (!s3AccessKeyId || !s3SecretAccessKey)
    throw new ConfigError('OBJECT_STORE is a bucket: S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY have to be set too.')
  const [bucket = '', ...path] = objectStore.slice(SCHEME.length).split('/')
  const objects = openS3Objects({
    endpoint: config.s3Endpoint ?? `https://s3.${region}.amazonaws.com`,
    region,
    bucket,
    prefix: path.map((part) => `${part}/`).join(''),
    pathStyle: config.s3PathStyle ?? config.s3Endpoint !== undefined,
    accessKeyId: s3AccessKeyId,
    secretAccessKey: s3SecretAccessKey,
  })
  await objects.assertServes().catch((error) => {
    if (!onAway || !(error instanceof ObjectStoreError) || error.code !== 'object.store_away') throw error
    onAway(error)
  })
  return objects
}
