import { setTimeout as wait } from 'node:timers/promises'
import { type Watched, watch } from './viewer.ts'

/** `node viewers-process.ts PORT BASE COUNT SECONDS`: so many players; tells when all have begun, and what they saw. */
const [port = 0, count = 0, seconds = 0] = [process.argv[2], process.argv[4], process.argv[5]].map(Number)
const base = process.argv[3] ?? ''
const abort = new AbortController()
const watched: Watched = { parts: 0, bytes: 0, late: 0, missing: 0 }
const SPREAD_MS = 4

for (let viewer = 0; viewer < count; viewer++) {
  void watch(port, base, watched, abort.signal)
  await wait(SPREAD_MS)
}
// Until all follow the live edge alike.
await wait(2_000)
const before = { ...watched }
process.send?.('begun')
await wait(seconds * 1000)
process.send?.({
  parts: watched.parts - before.parts,
  bytes: watched.bytes - before.bytes,
  late: watched.late - before.late,
  missing: watched.missing - before.missing,
})
abort.abort()
process.exit(0)
