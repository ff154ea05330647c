import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A certificate of a test's own authority, as files in PEM. */
export type Certificate = { readonly cert: string; readonly key: string }

export type Authority = {
  /** The authority's own certificate. */
  readonly ca: string
  /** One for these names, valid for a day, or with `expired` until yesterday. */
  readonly issue: (
    name: string,
    options: { readonly names: string; readonly expired?: boolean },
  ) => Promise<Certificate>
}

const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', [...args])

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'] as const

/** Makes an authority with openssl in a folder of its own. */
export const makeAuthority = async (folder: string): Promise<Authority> => {
  await mkdir(folder, { recursive: true })
  const [ca, caKey] = [join(folder, 'ca.pem'), join(folder, 'ca.key')]
  await openssl('req', '-x509', ...newKey, '-keyout', caKey, '-out', ca, '-subj', '/CN=Test authority', '-days', '2')
  return {
    ca,
    issue: async (name, { names, expired = false }) => {
      const [cert, key, request] = ['pem', 'key', 'csr'].map((end) => join(folder, `${name}.${end}`)) as [
        string,
        string,
        string,
      ]
      const extensions = join(folder, `${name}.ext`)
      await writeFile(extensions, `subjectAltName=${names}\n`)
      await openssl('req', '-new', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${name}`)
      const signing = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-extfile', extensions]
      await openssl('x509', '-req', '-in', request, '-out', cert, ...signing, '-days', expired ? '-1' : '1')
      return { cert, key }
    },
  }
}

/** Key and certificate in one file, as a Java server takes them. */
export const keyStore = async ({ cert, key }: Certificate): Promise<string> => {
  const file = `${cert}.store`
  await writeFile(file, `${await readFile(key, 'utf8')}${await readFile(cert, 'utf8')}`)
  return file
}
