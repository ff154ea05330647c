import type { ContextModel, FieldModel, MessageModel } from './model.ts'

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

const typeText = (field: FieldModel): string => `${field.type}${field.nullable ? ' | null' : ''}`

const docText = (field: FieldModel): string =>
  field.subject === undefined
    ? field.doc
    : `${field.doc} Sealed with the key of \`${field.subject}\`${field.origin === undefined ? '' : `, as in the event \`${field.origin}\``}.`

const declaration = (message: MessageModel): string => `/** ${message.doc} */
export type ${message.name} = {
  readonly type: '${message.name}'
${message.fields.map((field) => `  /** ${docText(field)} */\n  readonly ${field.name}: ${typeText(field)}\n`).join('')}}
`

const union = (name: string, messages: readonly MessageModel[]): string =>
  `export type ${name} =${messages.map((message) => `\n  | ${message.name}`).join('')}\n`

const copy = (message: MessageModel, from: string, value: (field: FieldModel) => string): string =>
  `({
        type: '${message.name}',
${message.fields.map((field) => `        ${field.name}: ${field.subject ? value(field) : `${from}.${field.name}`},\n`).join('')}      })`

const sealedFields = (message: MessageModel): readonly FieldModel[] =>
  message.fields.filter((field) => field.subject !== undefined)

const conversion = (message: MessageModel, verb: 'seal' | 'open'): string => {
  const fields = sealedFields(message)
  // A copy is sealed already, as it was in the event that it comes from.
  const touched = verb === 'seal' ? fields.filter(({ origin }) => origin === undefined) : fields
  if (touched.length === 0) return '(event) => event'
  const usesId = touched.some(({ origin }) => origin === undefined)
  const value = (field: FieldModel): string => {
    if (!touched.includes(field)) return `event.${field.name}`
    const id = field.origin === undefined ? 'id' : `event.${field.origin}`
    const call = `${verb}(event.${field.subject}, ${id}, '${field.name}', event.${field.name}${field.origin === undefined ? '' : ' as Buffer as Sealed'})`
    return field.nullable ? `event.${field.name} === null ? null : ${call}` : call
  }
  return `(event, ${usesId ? 'id' : '_id'}, ${verb}) => ${copy(message, 'event', value)}`
}

/** A subject is needed when one of its fields is there, which is always so where one of them cannot be null. */
const subjects = (message: MessageModel): string => {
  const fields = sealedFields(message)
  const accounts = [...new Set(fields.map((field) => field.subject))]
  if (accounts.length === 0) return '() => none'
  const needed = accounts.map((account) => {
    const own = fields.filter((field) => field.subject === account)
    const absent =
      own.every((field) => field.nullable) && own.map((field) => `event.${field.name} === null`).join(' && ')
    return { account, absent }
  })
  const [only] = needed
  if (needed.length === 1 && only)
    return only.absent
      ? `(event) => (${only.absent} ? none : [event.${only.account}])`
      : `(event) => [event.${only.account}]`
  return `(event) => [${needed
    .map(({ account, absent }) => (absent ? `...(${absent} ? none : [event.${account}])` : `event.${account}`))
    .join(', ')}]`
}

const sealedTable = (message: MessageModel): string => {
  const entries = sealedFields(message).map((field) => `${field.name}: '${field.subject}'`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

const schemaList = (message: MessageModel): string => `[${message.schemas.map((path) => `'${path}'`).join(', ')}]`

const eventEntry = (message: MessageModel): string => `    ${message.name}: {
      schemas: ${schemaList(message)},
      sealed: ${sealedTable(message)},
      plain: (${message.fields.length ? 'event' : ''}) => ${copy(message, 'event', (field) => `event.${field.name}`)},
      seal: ${conversion(message, 'seal')},
      open: ${conversion(message, 'open')},
      subjects: ${subjects(message)},
    },
`

const commandEntry = (message: MessageModel): string => `    ${message.name}: {
      schemas: ${schemaList(message)},
      plain: (${message.fields.length ? 'command' : ''}) => ${copy(message, 'command', (field) => `command.${field.name}`)},
    },
`

/** Every field that may be left out, left out: to be spread under those that are given. */
const absent = (messages: readonly MessageModel[]): string =>
  messages
    .flatMap(({ name, fields }) => {
      const nullable = fields.filter((field) => field.nullable)
      return nullable.length === 0
        ? []
        : `  ${name}: {\n${nullable.map((field) => `    ${field.name}: null,\n`).join('')}  },\n`
    })
    .join('')

/** The TypeScript of one context: a type for each event and command, their unions, and the contract of both. */
export const render = (model: ContextModel): string => {
  const name = capitalised(model.context)
  const sealed = new Set(model.events.flatMap(sealedFields).map(({ type }) => type))
  const imports = [...sealed].sort().join(', ')
  return `// Generated from schemas/${model.context}/ by \`npm run generate\`.
import type { Contract } from '../contract.ts'
${imports ? `import type { ${imports} } from '../sealed.ts'\n` : ''}
${[...model.events, ...model.commands].map(declaration).join('\n')}
${union(`${name}Event`, model.events)}
${union(`${name}Command`, model.commands)}
/** By type the fields that may be left out, as null: spread below those that are given. */
export const ${model.context}Absent = {
${absent([...model.events, ...model.commands])}} as const

const none: readonly string[] = []

export const ${model.context}: Contract<${name}Event, ${name}Command> = {
  events: {
${model.events.map(eventEntry).join('')}  },
  commands: {
${model.commands.map(commandEntry).join('')}  },
}
`
}
