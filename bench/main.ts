import { readArguments, readNumber } from './arguments.ts'
import { benches } from './benches.ts'

/** `npm run bench -- NAME [options]`: runs one bench; the last line on stdout is its result as one JSON object. */
const options = {
  help: { type: 'boolean', short: 'h', default: false },
  json: { type: 'boolean', default: false },
  seconds: { type: 'string' },
  'warm-up': { type: 'string' },
  clients: { type: 'string' },
  plot: { type: 'string' },
  only: { type: 'string' },
} as const

const usage = `usage: npm run bench -- NAME [--json] [--seconds S] [--warm-up S] [--clients N] [--only PART,…] [--plot FILE]

${benches.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}\n`).join('')}
What a bench does not know of is passed over by it; without options it is what the figures in the documents are of.
`

const { values, positionals } = readArguments(options, usage)
const bench = benches.find(({ name }) => name === positionals[0])
if (!bench || values.help) {
  const asked = values.help || positionals.length === 0
  const out = asked ? process.stdout : process.stderr
  out.write(usage)
  process.exit(asked ? 0 : 2)
}
/** With `--json`, only the result goes to stdout, and the words about it to stderr. */
const say = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`)
const number = (name: 'seconds' | 'warm-up' | 'clients') => readNumber(name, values[name], usage)
const result = await bench.run({
  say,
  seconds: number('seconds'),
  warmUpSeconds: number('warm-up'),
  clients: number('clients'),
  only: values.only?.split(','),
  plot: values.plot,
})
process.stdout.write(`${JSON.stringify({ bench: bench.name, ...result.figures })}\n`)
process.exit(result.failed ? 1 : 0)
