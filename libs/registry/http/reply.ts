/** An answer that is a schema's text as it is, rather than JSON made of something. */
export class RawText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export const rawText = (text: string): RawText => new RawText(text)
