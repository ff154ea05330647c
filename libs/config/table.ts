import { type AppName, flagOf, type Setting } from './setting.ts'
import { settings } from './settings.ts'

const all: readonly Setting<unknown>[] = Object.values(settings)

const defaultOf = ({ default: text, defaultDoc }: Setting<unknown>): string => defaultDoc ?? (text || 'none')

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** Every setting as a table in Markdown, for docs/operating.md. */
export const settingsTable = (): string =>
  [
    '| setting | flag | default | unit | read by | what it does |',
    '|---|---|---|---|---|---|',
    ...all.map((setting) => {
      const cells = [
        `\`${setting.name}\``,
        flagOf(setting) ? `\`--${flagOf(setting)}\`` : '',
        defaultOf(setting),
        setting.unit ?? '',
        setting.apps.join(', '),
        setting.doc,
      ]
      return `| ${cells.map(cell).join(' | ')} |`
    }),
    '',
  ].join('\n')

/** The settings that one app reads besides those that all read, or those of `all`, as lines for `--help`. */
export const settingsHelp = (app: AppName | 'all' | 'launcher'): string => {
  const mine = all.filter((setting) => setting.apps.includes(app))
  const width = Math.max(...mine.map(({ name }) => name.length)) + 2
  return mine
    .map((setting) => {
      const flag = flagOf(setting)
      const ways = `  ${setting.name.padEnd(width)}${flag ? `--${flag}` : '(no flag: it is a secret)'}\n`
      return `${ways}    ${setting.doc} Default: ${defaultOf(setting)}.\n`
    })
    .join('')
}
