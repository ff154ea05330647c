import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { work } from './terminal.js'

const paths = (root) => {
  const folder = join(root, 'infra', 'embedded')
  return { pom: join(folder, 'pom.xml'), jars: join(folder, 'kafka'), stamp: join(folder, 'kafka', 'pom.sha256') }
}

const pomHash = (pom) => createHash('sha256').update(readFileSync(pom)).digest('hex')

/** Whether the jars of exactly this pom.xml have been fetched. */
export const kafkaJarsArePresent = (root) => {
  const { pom, stamp } = paths(root)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === pomHash(pom)
}

/** Fetches Kafka's jars with Maven, aside first, so that a fetch cut short leaves nothing that looks complete. */
export const ensureKafkaJars = async (root) => {
  if (kafkaJarsArePresent(root)) return
  const { pom, jars } = paths(root)
  const aside = join(root, '.tools', 'kafka.new')
  await rm(aside, { recursive: true, force: true })
  const flags = ['-q', '-B', '-f', pom, `-DoutputDirectory=${aside}`, '-DincludeScope=runtime']
  await work('fetch Kafka', 'mvn', [...flags, 'dependency:copy-dependencies'])
  await writeFile(join(aside, 'pom.sha256'), pomHash(pom))
  await rm(jars, { recursive: true, force: true })
  await rename(aside, jars)
}
