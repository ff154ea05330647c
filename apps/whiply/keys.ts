import type { Command } from '#libs/config/app.ts'

/**
 * `whiply keys rotate`: a new key for access tokens. Edges that run read it by themselves before it signs, and go on
 * taking what the one before has signed for as long as such tokens hold.
 */
export const rotateKeys: Command = async (config) => {
  const { openVault } = await import('#libs/vault/open.ts')
  const vault = await openVault(config)
  try {
    const { kid, signsFrom } = await vault.signing.rotate()
    process.stdout.write(`${kid} signs access tokens from ${new Date(signsFrom).toISOString()} on\n`)
    return 0
  } finally {
    await vault.close()
  }
}
