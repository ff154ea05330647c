import { createHash } from 'node:crypto'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PlainError, work } from './terminal.js'

/** Other Java or other jars have another key: jars fetched anew count as others, also where they are the same. */
const keyOf = (root, java) => {
  const stamp = realpathSync(join(root, 'infra', 'embedded', 'kafka', 'pom.sha256'))
  const jars = [stamp, readFileSync(stamp, 'utf8'), statSync(stamp).mtimeMs]
  return createHash('sha256')
    .update(JSON.stringify([java, ...jars]))
    .digest('hex')
}

const keyMade = (root) => {
  try {
    return JSON.parse(readFileSync(join(root, '.tools', 'kafka-classes', 'made.json'), 'utf8')).key
  } catch {
    return undefined
  }
}

/**
 * Has Kafka's classes kept as they are once loaded, by a broker that runs for a moment: later ones start in about half
 * the time. Where that fails they start as they would without.
 * @param java what `java -version` says
 */
export const ensureKafkaClasses = async (root, node, java) => {
  const key = keyOf(root, java)
  if (keyMade(root) === key) return
  const script = join(root, 'infra', 'embedded', 'make-kafka-classes.ts')
  try {
    await work('have Kafka start quickly', node, ['--disable-warning=TimeoutNegativeWarning', script, key])
  } catch (error) {
    if (!(error instanceof PlainError)) throw error
    process.stderr.write(`${error.message}\n    It starts all the same, only slower.\n`)
  }
}
