import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { ConfigError } from './config.ts'

/** A file, and how the setting that names it is called. */
export type NamedFile = { readonly name: string; readonly path: string }

export type TlsFiles = {
  /** Authorities to be trusted instead of the system's. */
  readonly ca?: NamedFile | undefined
  /** What this side shows of itself, with its key. */
  readonly cert?: NamedFile | undefined
  readonly key?: NamedFile | undefined
}

/** What the files hold, as `node:tls` takes it; empty where none is named. */
export type TlsMaterial = { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer }

const read = ({ name, path }: NamedFile): Buffer => {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new ConfigError(`${name} names a file that cannot be read: ${(error as Error).message}`)
  }
}

const isPem = (content: Buffer): boolean => content.includes('-----BEGIN ')

/** @throws ConfigError for a file that cannot be read or is no PEM, and for a key that is not the certificate's */
export const readTls = (files: TlsFiles): TlsMaterial => {
  const named = Object.entries(files).flatMap(([part, file]) => (file ? [{ part, file, content: read(file) }] : []))
  const odd = named.find(({ content }) => !isPem(content))
  if (odd) throw new ConfigError(`${odd.file.name} names a file that holds no PEM: ${odd.file.path}`)
  const material: TlsMaterial = Object.fromEntries(named.map(({ part, content }) => [part, content]))
  try {
    createSecureContext(material)
  } catch (error) {
    const names = named.map(({ file }) => file.name).join(', ')
    throw new ConfigError(`${names} cannot be used: ${(error as Error).message}`)
  }
  return material
}
