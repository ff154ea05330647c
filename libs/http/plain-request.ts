/** A GET without a body, with what its answer may depend on. */
export type PlainRequest = {
  readonly path: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly authorization: string | undefined
  readonly forwardedFor: string | undefined
  readonly remoteAddress: string | undefined
}

/** Names and values in turn; a body of a text that is sent in UTF-8, or none. */
export type PlainAnswer = { readonly status: number; readonly headers: readonly string[]; readonly body: string }

/** Answers to plain requests for these paths; never throws nor rejects. */
export type PlainAnswers = {
  readonly paths: readonly string[]
  readonly answer: (request: PlainRequest) => PlainAnswer | Promise<PlainAnswer>
}

/** Longer heads are not usual, and what bounds them is Node's to say. */
const MOST_BYTES = 4096

/** A field line of RFC 9112, section 5, without obsolete folding. */
const fieldLine = /([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)\r\n/y

type Fields = { host?: string; origin?: string; authorization?: string; 'x-forwarded-for'?: string }

const endsBlank = (value: string): boolean => value.endsWith(' ') || value.endsWith('\t')

/** Notes what is asked for. @returns whether there is nothing unusual about the field */
const note = (fields: Fields, name: string, value: string): boolean => {
  switch (name) {
    case 'host':
    case 'origin':
    case 'authorization':
    case 'x-forwarded-for':
      if (fields[name] !== undefined || endsBlank(value)) return false
      fields[name] = value
      return true
    case 'connection':
    case 'proxy-connection':
      return value.toLowerCase() === 'keep-alive'
    case 'content-length':
    case 'transfer-encoding':
    case 'upgrade':
    case 'expect':
      return false
    default:
      return true
  }
}

/** Undefined for anything unusual: then nothing is known of the request. */
const readFields = (head: string, from: number): Fields | undefined => {
  const fields: Fields = {}
  fieldLine.lastIndex = from
  while (!head.startsWith('\r\n', fieldLine.lastIndex)) {
    const [, name, value = ''] = fieldLine.exec(head) ?? []
    if (name === undefined || !note(fields, name.toLowerCase(), value)) return undefined
  }
  return fieldLine.lastIndex + 2 === head.length ? fields : undefined
}

/**
 * Reads bytes that are one whole request for one of these paths, head and nothing behind it, so plain that no two readers
 * could understand it differently: HTTP/1.1, no body, one host, nothing about the connection but that it stays. Undefined for
 * all else, right or wrong.
 */
export const plainRequestReader = (paths: readonly string[]) => {
  const lines = paths.map((path) => ({ path, line: `GET ${path} HTTP/1.1\r\n` }))
  return (bytes: Buffer): Omit<PlainRequest, 'remoteAddress'> | undefined => {
    if (bytes.length > MOST_BYTES) return undefined
    const head = bytes.toString('latin1')
    const found = lines.find(({ line }) => head.startsWith(line))
    if (!found) return undefined
    const fields = readFields(head, found.line.length)
    if (fields?.host === undefined) return undefined
    const { host, origin, authorization, 'x-forwarded-for': forwardedFor } = fields
    return { path: found.path, host, origin, authorization, forwardedFor }
  }
}
