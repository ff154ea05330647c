/** A piece of a text in which links are looked for: what may stand between dots, a dot, a space, or any other sign. */
export type Token = { readonly text: string; readonly kind: 'label' | 'dot' | 'space' | 'sign' }

export type Tokens = readonly Token[]

const linkCharacter = /^[\p{L}\p{N}\p{M}_-]$/u

const isLabel = (char: string): boolean => {
  const code = char.charCodeAt(0)
  if (char.length === 1 && code < 128)
    return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 45 || code === 95
  return linkCharacter.test(char)
}

/** Of a text in lower case. */
export const tokensOf = (text: string): Tokens => {
  const tokens: Token[] = []
  let label = ''
  const endLabel = () => {
    if (label !== '') tokens.push({ text: label, kind: 'label' })
    label = ''
  }
  for (const char of text) {
    if (isLabel(char)) label += char
    else {
      endLabel()
      tokens.push({ text: char, kind: char === '.' ? 'dot' : char === ' ' ? 'space' : 'sign' })
    }
  }
  endLabel()
  return tokens
}
