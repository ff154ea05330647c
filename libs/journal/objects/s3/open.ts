import { type ByteRange, ObjectExists, type ObjectStore, ObjectTooLarge } from '../../objects.ts'
import { checkedName, checkedPrefix, checkedRange, onlyNames } from '../name.ts'
import type { S3Bucket } from './bucket.ts'
import { isBeyondEnd, isNotFound, overwrites, refusal, type S3Answer, tooMany } from './refusals.ts'
import { type S3Patience, type S3Told, s3Requests } from './requests.ts'
import { type KeyPage, keyPage } from './xml.ts'

export type S3Options = S3Bucket &
  Partial<S3Patience> & {
    /** Of one object: more is neither written nor read. */
    readonly maxBytes?: number
  }

const patience: S3Patience = { silenceMs: 5_000, tries: 3, backoffMs: 200 }
const MAX_BYTES = 2 ** 30
const MAX_NAMES = 1_000_000

/** Not a name that an object could have, since it begins with a dot. */
const TRIAL = '.trial'

/** An object store in S3, and a look at whether it serves. */
export type S3Objects = ObjectStore & {
  /**
   * Finds out what else would be found out much later: that the bucket is there, that it may be listed and written to,
   * and that a write on condition is refused where the name is taken. There are stores that overwrite all the same.
   * @throws ObjectStoreError
   */
  readonly assertServes: () => Promise<void>
}

/**
 * An object store in a bucket of S3, or of anything that speaks its protocol. Many processes may share it: a write is on
 * condition that the name is free (`If-None-Match: *`), so of two writers one wins. Nothing is sent before it is used.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
export const openS3Objects = (options: S3Options): S3Objects => {
  const { prefix, maxBytes = MAX_BYTES } = options
  const ask = s3Requests(options, maxBytes, { ...patience, ...options })

  const isFound = (answer: S3Answer): boolean => {
    if (answer.status === 200) return true
    if (!isNotFound(answer)) throw refusal(options, answer)
    return false
  }

  const read = async (key: string): Promise<Buffer | undefined> => {
    const answer = await ask({ method: 'GET', key })
    return isFound(answer) ? answer.body : undefined
  }

  /** There are servers that answer with all of it. */
  const readRange = async (key: string, { from, to }: ByteRange): Promise<Buffer | undefined> => {
    const answer = await ask({ method: 'GET', key, headers: { range: `bytes=${from}-${to - 1}` } })
    if (answer.status === 206) return answer.body
    if (isBeyondEnd(answer)) return Buffer.alloc(0)
    return isFound(answer) ? answer.body.subarray(from, to) : undefined
  }

  const tryToWrite = (key: string, body: Buffer): Promise<S3Told> =>
    ask({ method: 'PUT', key, body, headers: { 'if-none-match': '*' } })

  /** Whether the name was free. */
  const write = async (key: string, body: Buffer): Promise<boolean> => {
    const answer = await tryToWrite(key, body)
    if (answer.status === 200) return true
    if (answer.status !== 412) throw refusal(options, answer)
    // A try of ours may have taken the name before its answer was lost. The same bytes are the same object.
    return answer.inDoubt && ((await read(key))?.equals(body) ?? false)
  }

  const keysFrom = async (start: string, more: Readonly<Record<string, string>>): Promise<KeyPage> => {
    const answer = await ask({ method: 'GET', key: '', query: { 'list-type': '2', prefix: start, ...more } })
    if (answer.status !== 200) throw refusal(options, answer)
    return keyPage(answer.body.toString())
  }

  const list = async (start: string): Promise<readonly string[]> => {
    const names: string[] = []
    let next: string | undefined
    do {
      const page = await keysFrom(start, next === undefined ? {} : { 'continuation-token': next })
      names.push(...onlyNames(page.keys.map((key) => key.slice(prefix.length))))
      if (names.length > MAX_NAMES) throw tooMany(options, MAX_NAMES)
      next = page.next
    } while (next !== undefined)
    return names.sort()
  }

  return {
    put: async (name, bytes) => {
      const key = prefix + checkedName(name)
      if (bytes.length > maxBytes) throw new ObjectTooLarge(`${name} is larger than ${maxBytes} bytes`)
      if (!(await write(key, bytes))) throw new ObjectExists(`there is an object ${name} already`)
    },
    get: async (name, range) => {
      const key = prefix + checkedName(name)
      return range ? readRange(key, checkedRange(range)) : read(key)
    },
    list: async (start) => list(prefix + checkedPrefix(start)),
    remove: async (name) => {
      const answer = await ask({ method: 'DELETE', key: prefix + checkedName(name) })
      if (answer.status !== 204) isFound(answer)
    },
    assertServes: async () => {
      await keysFrom(prefix, { 'max-keys': '1' })
      // Only the first of all starts finds the name free.
      for (let free = 0; free < 2; free++) {
        const answer = await tryToWrite(prefix + TRIAL, Buffer.from('whiply\n'))
        if (answer.status === 412) return
        if (answer.status !== 200) throw refusal(options, answer)
      }
      throw overwrites(options)
    },
  }
}
