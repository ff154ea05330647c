import { parseArgs } from 'node:util'
import { benches } from './benches.ts'

/** `npm run bench -- NAME [options]`: runs one bench; the last line on stdout is its result as one JSON object. */
const [name, ...rest] = process.argv.slice(2)
const bench = benches.find((candidate) => candidate.name === name)
if (!bench) {
  const lines = benches.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}\n`)
  const asked = name === undefined || name === '--help'
  const out = asked ? process.stdout : process.stderr
  out.write(`usage: npm run bench -- NAME [--json] [options]\n\n${lines.join('')}`)
  process.exit(asked ? 0 : 2)
}
const { values } = parseArgs({
  args: rest,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    'warm-up': { type: 'string' },
    clients: { type: 'string' },
    plot: { type: 'string' },
    only: { type: 'string' },
  },
})
/** With `--json`, only the result goes to stdout, and the words about it to stderr. */
const say = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`)
const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))
const result = await bench.run({
  say,
  seconds: number(values.seconds),
  warmUpSeconds: number(values['warm-up']),
  clients: number(values.clients),
  only: values.only?.split(','),
  plot: values.plot,
})
process.stdout.write(`${JSON.stringify({ bench: bench.name, ...result.figures })}\n`)
process.exit(result.failed ? 1 : 0)
