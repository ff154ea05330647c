import { generateContracts } from '#libs/contracts/generate.ts'
import { release } from '#libs/contracts/released.ts'
import { generateDocuments } from './documents.ts'

/**
 * `npm run generate`: everything in the checkout that is made of something else in it; with `--check` only compared.
 * `--release` enters new schemas in the ledger too.
 */
const check = process.argv.includes('--check')
const contracts = generateContracts(check)
const stale = [...contracts, ...generateDocuments(check)]
for (const path of stale) process.stdout.write(`${check ? 'not current' : 'written'}: ${path}\n`)
if (check && stale.length > 0) process.exitCode = 1

if (process.argv.includes('--release')) for (const path of release()) process.stdout.write(`released: ${path}\n`)
