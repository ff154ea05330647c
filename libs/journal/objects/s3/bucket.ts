/** Where in S3 objects are kept, and as whom. */
export type S3Bucket = {
  /** `https://host:port`, without a path. */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  /** Before every object's name: empty, or a path that ends in `/`. */
  readonly prefix: string
  /** The bucket stands in the path (`host/bucket/key`) rather than in the host's name (`bucket.host/key`). */
  readonly pathStyle: boolean
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** The address of a key, or of the bucket itself, with a query. Keys are of characters that stand for themselves. */
export const addressOf = (
  { endpoint, bucket, pathStyle }: S3Bucket,
  key: string,
  query: Readonly<Record<string, string>>,
): URL => {
  const url = new URL(endpoint)
  if (pathStyle) url.pathname = `/${bucket}/${key}`
  else {
    url.hostname = `${bucket}.${url.hostname}`
    url.pathname = `/${key}`
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}
