import { ObjectStoreError, type ObjectStoreErrorCode } from '../../objects.ts'
import type { S3Bucket } from './bucket.ts'
import { refusalCode } from './xml.ts'

/** What the server said; the body is bounded. */
export type S3Answer = { readonly status: number; readonly body: Buffer }

/** Refusals that mean the same whatever was asked, by S3's code. */
const known: Readonly<Record<string, readonly [ObjectStoreErrorCode, string]>> = {
  NoSuchBucket: ['object.bucket_missing', 'there is no such bucket; make it, or correct OBJECT_STORE'],
  InvalidAccessKeyId: ['object.store_denied', 'the access key is not known; see S3_ACCESS_KEY_ID'],
  // As Versity's gateway says it, with status 404.
  XAdminUserNotFound: ['object.store_denied', 'the access key is not known; see S3_ACCESS_KEY_ID'],
  SignatureDoesNotMatch: [
    'object.store_denied',
    'the secret key is not that of the access key; see S3_SECRET_ACCESS_KEY',
  ],
  RequestTimeTooSkewed: ['object.store_denied', "this machine's clock is too far off the store's"],
  AuthorizationHeaderMalformed: ['object.store_refused', 'the bucket is in another region; see S3_REGION'],
  PermanentRedirect: ['object.store_refused', 'the bucket is elsewhere; see S3_REGION and S3_ENDPOINT'],
  TemporaryRedirect: ['object.store_refused', 'the bucket is elsewhere; see S3_REGION and S3_ENDPOINT'],
}

const byStatus = (status: number): readonly [ObjectStoreErrorCode, string] => {
  if (status === 401 || status === 403) return ['object.store_denied', 'the credentials may not do this']
  if (status === 429 || (status >= 500 && status !== 501)) return ['object.store_away', 'the store cannot serve now']
  return ['object.store_refused', 'the store refuses it']
}

/** Whether the answer says that there is no such object, and no more than that. */
export const isNotFound = ({ status, body }: S3Answer): boolean =>
  status === 404 && !Object.hasOwn(known, refusalCode(body) ?? '')

/** Whether the object is there, and ends before the range that was asked for. */
export const isBeyondEnd = ({ status }: S3Answer): boolean => status === 416

/** As people name it, without credentials. */
const placeOf = ({ endpoint, bucket }: S3Bucket): string => `s3://${bucket} at ${new URL(endpoint).host}`

/** An error of this port for an answer that is none of those hoped for. Quotes nothing of the answer but its code. */
export const refusal = (bucket: S3Bucket, { status, body }: S3Answer): ObjectStoreError => {
  const named = refusalCode(body)
  const [code, why] = known[named ?? ''] ?? byStatus(status)
  return new ObjectStoreError(code, `${placeOf(bucket)}: ${why} (${named ?? 'no code'}, HTTP ${status})`)
}

/** No answer came. */
export const silence = (bucket: S3Bucket, cause: unknown): ObjectStoreError => {
  const { code, name } = ((cause as Error).cause ?? cause) as { readonly code?: string; readonly name?: string }
  return new ObjectStoreError('object.store_away', `${placeOf(bucket)}: it does not answer (${code ?? name})`, {
    cause,
  })
}

/** It wrote twice under one name, though both writes were on condition that the name is free. */
export const overwrites = (bucket: S3Bucket): ObjectStoreError =>
  new ObjectStoreError(
    'object.store_refused',
    `${placeOf(bucket)}: the store overwrites objects; one is wanted that heeds If-None-Match`,
  )

export const tooMany = (bucket: S3Bucket, names: number): ObjectStoreError =>
  new ObjectStoreError('object.store_refused', `${placeOf(bucket)}: a list of more than ${names} objects is not read`)
