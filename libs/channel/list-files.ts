/** Fields of a record, and the line that it begins on, from 1 on. */
export type CsvRecord = { readonly line: number; readonly fields: readonly string[] }

/** Records of a CSV file with their lines (RFC 4180): fields in quotes may hold commas, quotes and line breaks. */
const readCsv = (content: string): readonly CsvRecord[] => {
  const records: { line: number; fields: string[] }[] = []
  let fields: string[] = []
  let field = ''
  let quoted = false
  let [line, begun] = [1, 1]
  const endRecord = (): void => {
    fields.push(field)
    if (fields.length > 1 || fields[0] !== '') records.push({ line: begun, fields })
    fields = []
    field = ''
    begun = line
  }
  for (let index = 0; index < content.length; index++) {
    const character = content.charAt(index)
    if (character === '\n') line++
    if (quoted) {
      if (character !== '"') field += character
      else if (content.charAt(index + 1) === '"') {
        field += '"'
        index++
      } else quoted = false
    } else if (character === '"' && field === '') quoted = true
    else if (character === ',') {
      fields.push(field)
      field = ''
    } else if (character === '\n') endRecord()
    else if (character !== '\r') field += character
  }
  if (field !== '' || fields.length > 0) endRecord()
  return records
}

/** The columns that are wanted, by any of the names that each has in files; the first ones where a file has no header. */
export const readTable = (content: string, ...wanted: readonly (readonly string[])[]): readonly CsvRecord[] => {
  const records = readCsv(content)
  const header = records[0]?.fields.map((each) => each.trim().toLowerCase()) ?? []
  const found = wanted.map((names) => names.map((name) => header.indexOf(name)).find((index) => index >= 0))
  const isHeader = found[0] !== undefined
  return (isHeader ? records.slice(1) : records).map(({ line, fields }) => ({
    line,
    fields: found.map((index, nth) => fields[isHeader ? (index ?? -1) : nth]?.trim() ?? ''),
  }))
}

/** A line that says something, counted from 1 on. */
export type TextLine = { readonly line: number; readonly text: string }

/** Empty lines and those that begin with `#` are nothing. */
export const readLines = (content: string): readonly TextLine[] =>
  content
    .split('\n')
    .map((text, index) => ({ line: index + 1, text: text.trim() }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))

/** What begins with these is taken for a formula by programs that open tables. */
const formula = /^[=+\-@\t]/

const csvField = (text: string): string => {
  const safe = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Rows as a CSV file (RFC 4180), with a header. */
export const writeCsv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${[header, ...rows].map((fields) => fields.map(csvField).join(',')).join('\r\n')}\r\n`
