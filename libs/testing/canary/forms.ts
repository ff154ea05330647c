/** The forms in which a text may lie somewhere, as bytes and, where it is one that a text column shows, as text. */
export type CanaryForms = {
  readonly bytes: readonly Buffer[]
  readonly texts: readonly string[]
}

/** Base64 of a text that stands anywhere in a longer one: by where it begins in a group of three, less what neighbours share. */
const base64Forms = (text: string, encoding: 'base64' | 'base64url'): readonly string[] =>
  [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
      .toString(encoding)
      .replaceAll('=', '')
    const bits = (shift + Buffer.byteLength(text)) * 8
    return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(bits / 6))
  })

/**
 * A canary must be of letters and digits, at least 12 of them: JSON, SQL and URLs leave it as it is, and it is found
 * nowhere by chance.
 */
export const canaryForms = (canary: string): CanaryForms => {
  if (!/^[A-Za-z0-9]{12,}$/.test(canary)) throw new RangeError('a canary is 12 or more letters and digits')
  const hex = Buffer.from(canary).toString('hex')
  const texts = [
    ...new Set([canary, hex, hex.toUpperCase(), ...base64Forms(canary, 'base64'), ...base64Forms(canary, 'base64url')]),
  ]
  return { texts, bytes: [...texts.map((text) => Buffer.from(text)), Buffer.from(canary, 'utf16le')] }
}

export const holds = (bytes: Buffer, forms: CanaryForms): boolean => forms.bytes.some((form) => bytes.includes(form))
