import { readArguments, readNumber } from '../arguments.ts'
import { roles } from '../whiply.ts'
import { drillKills } from './kills.ts'
import { drillRelay } from './relay.ts'
import { drillVideo } from './video/drill.ts'
import { videoVictims } from './video/victims.ts'

/** `npm run drill -- [kills | relay | video] [--kills N] [--seed S] [--only ROLE,…] [--json]`: the last line on stdout is the result as one JSON object. */
const usage = `usage: npm run drill -- [kills | relay | video] [--kills N] [--seed S] [--only ROLE,…] [--json]

  kills  every process and engine in turn: nothing told is lost (default)
  video  what a live broadcast stands on, one after another: its recording stays whole
  relay  relays alone: public topics have every event once

roles: ${roles.join(', ')}; of video: ${videoVictims.join(', ')}
`
const options = {
  help: { type: 'boolean', short: 'h', default: false },
  json: { type: 'boolean', default: false },
  kills: { type: 'string' },
  only: { type: 'string', default: roles.join(',') },
  seed: { type: 'string' },
} as const
const { values, positionals } = readArguments(options, usage)
if (values.help) {
  process.stdout.write(usage)
  process.exit(0)
}
const kills = readNumber('kills', values.kills, usage)
const seed = readNumber('seed', values.seed, usage) ?? Date.now() % 1_000_000
/** Beyond this a kill was felt for too long. */
const longestAllowedPauseMs = 10_000

const [name = 'kills'] = positionals
if (name !== 'kills' && name !== 'relay' && name !== 'video') {
  console.error(`there is no drill ${name}; there are: kills, relay, video`)
  process.exit(2)
}
const say = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`)
if (name === 'video') {
  const given = values.only.split(',')
  const some = videoVictims.filter((victim) => given.includes(victim))
  const isDefault = values.only === roles.join(',')
  const figures = await drillVideo({ say, victims: isDefault ? videoVictims : some })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  const wrong = figures.vanished + figures.broken + figures.complaints + figures.untrue
  process.exit(wrong > 0 || figures.late !== '' ? 1 : 0)
}
if (name === 'relay') {
  const figures = await drillRelay({ say, kills: kills ?? 50, seed })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  process.exit(figures.missing + figures.duplicated + figures.outOfOrder > 0 ? 1 : 0)
}
const victims = roles.filter((role) => values.only.split(',').includes(role))
if (victims.length === 0) {
  console.error(`--only takes some of ${roles.join(', ')}`)
  process.exit(2)
}
const figures = await drillKills({
  say,
  kills: kills ?? 3 * victims.length,
  seed,
  victims,
})
const { lost, duplicated, outOfOrder, unexplainedGaps, afterBan, gapFrames, longestPauseMs } = figures
process.stdout.write(`${JSON.stringify(figures)}\n`)
const wrong = lost + duplicated + outOfOrder + unexplainedGaps + afterBan + gapFrames
process.exit(wrong > 0 || longestPauseMs >= longestAllowedPauseMs ? 1 : 0)
