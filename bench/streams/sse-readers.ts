import { get } from 'node:http'

/** `node sse-readers.ts URL COUNT`: tells `open` once all are answered, then every 100 ms how many events have come. */
const [url = '', count = '1'] = process.argv.slice(2)
const TELL_MS = 100
/** The beginning of an event's data line: no JSON text holds a line break. */
const mark = Buffer.from('\ndata: ')

let received = 0

/** Counts marks in what comes, also those that lie across two pieces. */
const counter = () => {
  let rest = Buffer.alloc(0)
  return (piece: Buffer): void => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece
    let at = bytes.indexOf(mark)
    for (; at >= 0; at = bytes.indexOf(mark, at + mark.length)) received++
    // Shorter than a mark, so that none is counted twice.
    rest = Buffer.from(bytes.subarray(Math.max(0, bytes.length - mark.length + 1)))
  }
}

const open = (): Promise<void> =>
  new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`answered ${response.statusCode}`))
      response.on('data', counter())
      response.on('close', () => process.exit(1))
      resolve()
    }).on('error', reject)
  })

await Promise.all(Array.from({ length: Number(count) }, open))
process.stdout.write('open\n')
setInterval(() => process.stdout.write(`${received}\n`), TELL_MS)
