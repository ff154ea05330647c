import { invalidSubject } from './errors.ts'

const LONGEST = 512
const qualified = /^:\.([^:]*):(.*)$/s

/**
 * A subject as it is kept. There is one context here, the default one, whose name may stand before a subject (`:.:name`).
 * @throws RegistryError 42208
 */
export const subjectOf = (given: string): string => {
  const [, context, name = given] = qualified.exec(given) ?? []
  if (context) throw invalidSubject('this registry has no contexts beside the default one')
  if (name === '' || name.length > LONGEST) throw invalidSubject(`its name has 1 to ${LONGEST} characters`)
  if (/\p{Cc}/u.test(name) || !name.isWellFormed()) throw invalidSubject('its name holds a control character')
  return name
}

/** What names begin with, of the only context that there is; `:*:` means all. */
export const prefixOf = (given: string | undefined): string => (given ?? '').replace(/^:(?:\*|\.):/, '')
