import { stripTypeScriptTypes } from 'node:module'

/** How many lines of a file the tests ran. */
export type FileCoverage = { readonly path: string; readonly lines: number; readonly covered: number }

const percent = (files: readonly FileCoverage[]): number => {
  const sum = (pick: (file: FileCoverage) => number) => files.reduce((total, file) => total + pick(file), 0)
  return (
    (100 * sum((file) => file.covered)) /
    Math.max(
      1,
      sum((file) => file.lines),
    )
  )
}

/** A source file that no test loads: all its lines that do anything, none of them covered. Types alone do nothing. */
export const notLoaded = (path: string, text: string): FileCoverage => {
  const code = stripTypeScriptTypes(text)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => !/^\s*(\/\/.*|export \{\};?)?$/.test(line))
  return { path, lines: code.length, covered: 0 }
}

/** Percent of all lines, and a table by folder (`libs/journal`), each with its least covered files. */
export const coverageReport = (
  files: readonly FileCoverage[],
): { readonly percentOfLines: number; readonly table: string } => {
  const byFolder = Map.groupBy(files, ({ path }) => path.split('/').slice(0, 2).join('/'))
  const rows = [...byFolder].sort().map(([folder, own]) => {
    const least = own
      .filter((file) => percent([file]) < 80)
      .sort((a, b) => percent([a]) - percent([b]))
      .slice(0, 3)
      .map((file) => `${file.path.slice(folder.length + 1)} ${percent([file]).toFixed(0)}%`)
    return `  ${folder.padEnd(24)}${percent(own).toFixed(1).padStart(6)}%  ${least.join(', ')}`.trimEnd()
  })
  const percentOfLines = percent(files)
  return {
    percentOfLines,
    table: [...rows, `  ${'all lines'.padEnd(24)}${percentOfLines.toFixed(1).padStart(6)}%`, ''].join('\n'),
  }
}
