import { readFileSync, writeFileSync } from 'node:fs'
import { errors } from '#apps/http-edge/errors.ts'
import { openApiYaml } from '#apps/http-edge/openapi.ts'
import { edgeErrors } from '#apps/realtime-edge/errors.ts'
import { refusals } from '#apps/realtime-edge/irc/wording.ts'
import { questionDocuments } from '#apps/realtime-edge/questions/document.ts'
import { questionErrors } from '#apps/realtime-edge/questions/errors.ts'
import { settingsTable } from '#libs/config/table.ts'
import type { ErrorTable } from '#libs/http/problem.ts'
import { asyncApiYaml } from '#libs/integration/catalogue/asyncapi.ts'
import { knownMsgIds } from '#libs/protocols/irc/msg-ids.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n')

/** What the first part of a code says about where it comes from. */
const origins: Readonly<Record<string, string>> = {
  http: 'The form of a request',
  auth: 'Logging in',
  identity: 'Accounts and handles',
  channel: 'Channels',
  broadcast: 'Live video',
  playback: 'Watching live video',
  conversation: 'Whispers',
  integration: 'Public topics',
  image: 'Pictures',
  command: 'Any command',
  platform: 'The platform',
}

const httpSection = (origin: string, codes: ErrorTable): string => {
  const rows = Object.entries(codes)
    .filter(([code]) => code.startsWith(`${origin}.`))
    .map(([code, { status, title, remedy }]) => [`\`${code}\``, String(status), title, remedy])
  return `## ${origins[origin]}\n\n${table(['code', 'HTTP', 'what it means', 'what to do'], rows)}\n`
}

const liveSection = (): string => {
  const frames = { error: edgeErrors, answer: questionErrors }
  const rows = Object.entries(frames).flatMap(([frame, codes]) =>
    Object.entries(codes).map(([code, { title, remedy }]) => [`\`${code}\``, frame, title, remedy]),
  )
  return `## Live sockets\n\n${table(['code', 'frame', 'what it means', 'what to do'], rows)}\n`
}

const ircIntroduction = `## IRC

A refusal is a NOTICE whose text ends with the code in brackets, or a numeric where RFC 2812 has one. The tag \`msg-id\` is the
code with \`_\` for \`.\`, but where clients know it by another name:
`

const ircSection = (): string => {
  const stray = Object.keys(knownMsgIds).find((code) => !Object.hasOwn(refusals, code))
  if (stray !== undefined) throw new RangeError(`${stray} has a msg-id and is no code`)
  const rows = Object.entries(knownMsgIds).map(([code, msgId]) => [`\`${code}\``, `\`${msgId}\``])
  return `${ircIntroduction}\n${table(['code', '`msg-id`'], rows)}\n`
}

const introduction = `# Errors

Made by \`npm run generate\` of the tables of errors beside the code; not to be edited by hand.

A code never changes its meaning. Over HTTP it stands in \`code\` of a problem document (RFC 9457), whose \`type\` leads to
\`/problems/{code}\`; what a remedy names in code style stands in \`context\`. A live socket tells refusals at its door in an
\`error\` frame, rejections by the rules (\`channel.*\`, \`command.*\`) in the \`code\` of an \`outcome\` frame, and what a \`query\` or
\`command\` is answered with in the \`problem\` of an \`answer\`, which is the document of HTTP.
`

/** docs/errors.md. @throws RangeError for a code of an origin that is not described here */
export const errorsDocument = (): string => {
  const known = Object.keys(origins)
  const stray = Object.keys(errors).find((code) => !known.includes(code.split('.')[0] ?? ''))
  if (stray !== undefined) throw new RangeError(`where ${stray} comes from is not described`)
  return [introduction, ...known.map((origin) => httpSection(origin, errors)), liveSection(), ircSection()].join('\n')
}

const [begin, end] = ['<!-- settings: made by npm run generate -->', '<!-- end of settings -->']

/** docs/operating.md with the table of settings in its place. @throws RangeError where it has none */
export const withSettingsTable = (document: string): string => {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)]
  if (from < 0 || to < from) throw new RangeError(`there is no place for the settings: ${begin} … ${end}`)
  return `${document.slice(0, from)}${begin}\n\n${settingsTable()}\n${document.slice(to)}`
}

const root = new URL('../../', import.meta.url)

const current = (file: URL): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Writes the documents that are made of the code, or have tables of it; with `check` only compares. @returns what was not current */
export const generateDocuments = (check: boolean): readonly string[] => {
  const made = [
    { path: 'schemas/openapi.yaml', make: openApiYaml },
    { path: 'schemas/asyncapi.yaml', make: () => asyncApiYaml(questionDocuments()) },
    { path: 'docs/errors.md', make: errorsDocument },
    { path: 'docs/operating.md', make: withSettingsTable },
  ]
  return made.flatMap(({ path, make }) => {
    const file = new URL(path, root)
    const [before, after] = [current(file), make(current(file))]
    if (before === after) return []
    if (!check) writeFileSync(file, after)
    return [path]
  })
}
