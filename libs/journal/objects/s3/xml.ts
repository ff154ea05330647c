/**
 * The little that is read of S3's answers in XML: texts of elements that hold nothing else.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html and …/ErrorResponses.html
 */

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+));/g, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return hex !== undefined ? String.fromCodePoint(Number.parseInt(hex, 16)) : (entities[name] ?? whole)
  })

/** The texts of all elements of this name, in their order. */
const textsOf = (name: string, xml: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => decoded(text))

/** One page of a list of keys, and where the next begins, if there is one. */
export type KeyPage = { readonly keys: readonly string[]; readonly next: string | undefined }

export const keyPage = (xml: string): KeyPage => ({
  keys: textsOf('Key', xml),
  next: textsOf('IsTruncated', xml)[0] === 'true' ? textsOf('NextContinuationToken', xml)[0] : undefined,
})

/** The code of a refusal, `NoSuchBucket`; undefined where the answer names none. Its message is the server's own words. */
export const refusalCode = (body: Buffer): string | undefined => textsOf('Code', body.toString())[0]
