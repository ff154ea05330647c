import { stripVTControlCharacters, styleText } from 'node:util'

/** Where a person reads what the launcher does. Logs never come this way. */
export type Terminal = {
  /** Whether somebody sits there, rather than a file or a pipe. */
  readonly isPerson: boolean
  readonly line: (text?: string) => void
  /** A step that was done. */
  readonly done: (text: string) => void
  /** Something that a person should know of, or do something about. */
  readonly warn: (text: string) => void
  readonly error: (text: string) => void
  /** Lines in a frame, which nobody overlooks. */
  readonly box: (lines: readonly string[]) => void
}

export type TerminalStream = { readonly isTTY?: boolean; readonly write: (text: string) => unknown }

const indent = (text: string): string => text.replaceAll('\n', '\n    ')

/** @param stream colours are used where it is a terminal that has them */
export const createTerminal = (stream: TerminalStream): Terminal => {
  const isPerson = stream.isTTY === true
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    isPerson && !process.env.NO_COLOR ? styleText(style, text, { validateStream: false }) : text
  const line = (text = '') => {
    stream.write(`${text}\n`)
  }
  return {
    isPerson,
    line,
    done: (text) => line(`  ${paint('green', '✓')} ${indent(text)}`),
    warn: (text) => line(`  ${paint('yellow', '!')} ${indent(text)}`),
    error: (text) => line(`  ${paint('red', '✗')} ${indent(text)}`),
    box: (lines) => {
      const width = Math.max(...lines.map((text) => stripVTControlCharacters(text).length))
      line(`  ┌${'─'.repeat(width + 4)}┐`)
      for (const text of lines) line(`  │  ${paint('bold', text.padEnd(width))}  │`)
      line(`  └${'─'.repeat(width + 4)}┘`)
    },
  }
}
