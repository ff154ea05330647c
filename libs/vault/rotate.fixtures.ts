import { rotateVault } from './rotate.ts'

/** Rotates a vault in a process of its own, telling each batch on a line, so that a test can kill it in the middle. */
const [databaseUrl = '', masterKey = '', newMasterKey = ''] = process.argv.slice(2)
const onProgress = (rows: number): void => void process.stdout.write(`${rows}\n`)
await rotateVault({ databaseUrl, masterKey, newMasterKey, batch: 100, onProgress })
