import { readFileSync } from 'node:fs'
import type { Sql } from 'postgres'
import { pastMessages } from '#libs/channel/policy/past-messages.ts'
import { tryPolicy } from '#libs/channel/policy/trial.ts'
import type { Command } from '#libs/config/app.ts'
import { ConfigError } from '#libs/config/config.ts'
import { type CompiledPolicy, compilePolicy } from '#libs/policy/compile.ts'
import { parsePolicy } from '#libs/policy/parse.ts'
import { policyJsonSchema } from '#libs/policy/policy.ts'
import type { TrialResult } from '#libs/policy/trial.ts'
import { openPostgres } from '#libs/postgres/open.ts'

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigError(`${file} cannot be read: ${(cause as Error).message}.`)
  }
}

/** @throws ConfigError with all that is wrong with the file, and where */
const load = (file: string): CompiledPolicy => {
  const parsed = parsePolicy(read(file))
  const compiled = parsed.ok ? compilePolicy(parsed.policy, 0) : parsed
  if (compiled.ok) return compiled
  const wrong = compiled.violations.map(({ at, message }) => `  ${at === '' ? 'the file' : at}: ${message}`)
  throw new ConfigError(`${file} is no policy that can be used:\n${wrong.join('\n')}`)
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

const sinceOf = (text: string): number => {
  const [, count, unit = ''] = /^([1-9][0-9]{0,4})([mhd])$/.exec(text) ?? []
  if (count === undefined) throw new ConfigError(`${text} is no span of time: 30m, 12h and 7d are.`)
  return Date.now() - Number(count) * (unitsMs[unit] ?? 0)
}

/** By its id, or by its name in addresses. */
const channelOf = async (sql: Sql, name: string): Promise<string> => {
  const [row] = await sql<{ id: string }[]>`
    select channel_id::text as id from readmodel.channels where channel_id::text = ${name} or slug = ${name}`
  if (!row) throw new ConfigError(`There is no channel ${name}.`)
  return row.id
}

const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(1)} %`)

const told = ({ messages, verdicts, confusion, precision, recall, rules }: TrialResult): string =>
  [
    `${messages} messages: ${verdicts.hold} held, ${verdicts.reject} rejected, ${verdicts.time_out} timed out for`,
    `precision ${percent(precision)}: ${confusion.truePositive} of those stopped, moderators had acted on as well; on ${confusion.falsePositive} not`,
    `recall ${percent(recall)}: ${confusion.falseNegative} that moderators had acted on would have passed`,
    ...rules.map(
      ({ rule, kind, shadow, hits, moderated }) =>
        `  ${rule} (${kind}${shadow ? ', in shadow' : ''}): ${hits} messages, ${moderated} of them moderated`,
    ),
    '',
  ].join('\n')

/**
 * `whiply policy try FILE --channel C --since 7d`: what a policy would have stopped, beside what moderators did. With
 * `--format json` the whole result, disagreements too. Exit code 2 where something is left out.
 */
export const policyTry: Command = async (config, [file, ...rest], signal, options = {}) => {
  if (file === undefined || rest.length > 0 || options.channel === undefined) {
    process.stderr.write('whiply policy try FILE --channel C [--since 7d] [--format json]\n')
    return 2
  }
  const policy = load(file)
  const since = sinceOf(options.since ?? '7d')
  const sql = openPostgres(config.databaseUrl, { max: 2 })
  try {
    const channelId = await channelOf(sql, options.channel)
    const page = pastMessages(sql)
    const result = await tryPolicy(policy, since, (asked) => page(channelId, asked), signal)
    process.stdout.write(options.format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : told(result))
    return 0
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** `whiply policy check FILE`: says what is wrong with a policy, if anything is. */
export const policyCheck: Command = async (_config, [file, ...rest]) => {
  if (file === undefined || rest.length > 0) {
    process.stderr.write('whiply policy check FILE\n')
    return 2
  }
  load(file)
  process.stdout.write(`${file} can be used.\n`)
  return 0
}

/** `whiply policy schema`: the JSON Schema of a policy. */
export const policySchema: Command = async () => {
  process.stdout.write(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`)
  return 0
}
