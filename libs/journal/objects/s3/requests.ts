import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { ObjectTooLarge } from '../../objects.ts'
import { addressOf, type S3Bucket } from './bucket.ts'
import { type S3Answer, silence } from './refusals.ts'

export type S3Patience = {
  /** Pause of the server, at the beginning or within an answer, after which a try has failed. */
  readonly silenceMs: number
  readonly tries: number
  /** Before the second try; twice as long before each one after it, less a part by chance. */
  readonly backoffMs: number
}

export type S3Request = {
  readonly method: 'GET' | 'PUT' | 'DELETE'
  /** Empty for the bucket. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

export type S3Told = S3Answer & {
  /** Whether a try before this answer may have done what was asked all the same. */
  readonly inDoubt: boolean
}

/** Slower than this a body is not worth waiting for. */
const LEAST_BYTES_PER_MS = 250

/** Takes in no more than so many bytes. @throws ObjectTooLarge */
const readBody = async (response: Response, maxBytes: number, heard: () => void): Promise<Buffer> => {
  const tooLarge = new ObjectTooLarge(`an object of more than ${maxBytes} bytes is not read`)
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    heard()
    chunks.push(chunk)
    length += chunk.length
    if (length > maxBytes) throw tooLarge
  }
  return Buffer.concat(chunks)
}

/** Answers after which the same request may fare better: AWS names them in its guide to errors (409 for conditional writes). */
const isPassing = ({ status, body }: S3Answer): boolean =>
  status === 429 ||
  (status >= 500 && status !== 501) ||
  (status === 409 && body.includes('ConditionalRequestConflict')) ||
  (status === 400 && body.includes('RequestTimeout'))

/**
 * Sends signed requests (Signature Version 4, with the hash of the body), again after a while where the server is away or
 * asks for it. Resolves with whatever the server said in the end; rejects with `object.store_away` where it said nothing.
 */
export const s3Requests = (
  bucket: S3Bucket,
  maxBytes: number,
  { silenceMs, tries, backoffMs }: S3Patience,
): ((request: S3Request) => Promise<S3Told>) => {
  const { region, accessKeyId, secretAccessKey } = bucket
  const signingKeys = new Map<string, ArrayBuffer>()

  const once = async ({ method, key, query = {}, headers, body }: S3Request): Promise<S3Answer> => {
    const signer = new AwsV4Signer({
      method,
      url: addressOf(bucket, key, query).href,
      headers: {
        ...headers,
        'x-amz-content-sha256': createHash('sha256')
          .update(body ?? '')
          .digest('hex'),
      },
      accessKeyId,
      secretAccessKey,
      service: 's3',
      region,
      cache: signingKeys,
    })
    const signed = await signer.sign()
    const giveUp = new AbortController()
    const timer = setTimeout(() => giveUp.abort(), silenceMs + (body?.length ?? 0) / LEAST_BYTES_PER_MS)
    const heard = (): void => void timer.refresh()
    try {
      const { url, headers: all } = signed
      const init = { method, headers: all, redirect: 'manual', signal: giveUp.signal } as const
      const response = await fetch(url, { ...init, ...(body && { body: new Uint8Array(body) }) })
      heard()
      return { status: response.status, body: await readBody(response, maxBytes, heard) }
    } finally {
      clearTimeout(timer)
      giveUp.abort()
    }
  }

  return async (request) => {
    let inDoubt = false
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await once(request)
        if (!isPassing(answer) || attempt >= tries) return { ...answer, inDoubt }
      } catch (error) {
        if (error instanceof ObjectTooLarge) throw error
        if (attempt >= tries) throw silence(bucket, error)
      }
      inDoubt = true
      await sleep(backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2))
    }
  }
}
