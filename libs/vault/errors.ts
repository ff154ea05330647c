/** Why the vault did not open, without which nothing starts, or why its keys were not rotated. */
export type VaultErrorCode =
  | 'vault.master_key_missing'
  | 'vault.master_key_malformed'
  | 'vault.master_key_wrong'
  | 'vault.newer_release'
  | 'vault.secret_unreadable'
  | 'vault.rotation_unfinished'

/** The vault cannot be opened, or something in it was changed by another hand. The message says what to do. */
export class VaultError extends Error {
  readonly code: VaultErrorCode

  constructor(code: VaultErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
