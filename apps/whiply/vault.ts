import type { Command } from '#libs/config/app.ts'
import { masterKeyFile, masterKeyOfFile, nextMasterKeyFile } from '#libs/config/master-key.ts'
import type { RewrapOptions } from '#libs/vault/rewrap.ts'
import { expectMasterKey, forgetMasterKeys } from './right-master-key.ts'

/** Least time between two words on how far it has come. */
const PROGRESS_MS = 1_000

const telling = (signal: AbortSignal): RewrapOptions => {
  let toldAt = performance.now()
  return {
    signal,
    onProgress: (rows) => {
      if (performance.now() - toldAt < PROGRESS_MS) return
      toldAt = performance.now()
      process.stderr.write(`${rows} wrapped anew …\n`)
    },
  }
}

/**
 * `whiply vault rotate [FILE]`: a new master key opens the vault beside the one before, and everything in it is wrapped
 * anew. Ended in the middle, and run again, it goes on; whatever runs goes on too.
 */
export const rotateVaultKeys: Command = async (config, [file = nextMasterKeyFile(config), ...rest], signal) => {
  if (rest.length > 0) {
    process.stderr.write('whiply vault rotate [FILE]\n')
    return 2
  }
  const { rotateVault } = await import('#libs/vault/rotate.ts')
  const newMasterKey = await masterKeyOfFile(file)
  await expectMasterKey(config, newMasterKey)
  const retireFrom = await rotateVault({ ...config, newMasterKey, ...telling(signal) })
  process.stdout.write(
    `The master key in ${file} opens the vault as well as the one before. Back it up, apart from the data.\n` +
      `Put it in the place of the other (${masterKeyFile(config)}, or WHIPLY_MASTER_KEY), start everything again, and then,\n` +
      `from ${new Date(retireFrom).toISOString()} on, run: whiply vault retire\n`,
  )
  return 0
}

/** `whiply vault retire`: only the master key that it is run with opens the vault from now on. */
export const retireVaultKeys: Command = async (config, _args, signal) => {
  const { retireMasterKeys } = await import('#libs/vault/rotate.ts')
  await retireMasterKeys({ ...config, ...telling(signal) })
  await forgetMasterKeys(config)
  process.stdout.write('The master key that whiply runs with is the only one that opens the vault.\n')
  return 0
}
