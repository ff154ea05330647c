type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Plain in YAML 1.2 without being read as anything else: no indicator, no number, no reserved word. */
const plainText = /^[A-Za-z_/][A-Za-z0-9_ ./()-]*(?<! )$/
const reserved = /^(true|false|null|yes|no|on|off|y|n)$/i

const scalar = (value: Json): string =>
  typeof value === 'string' && plainText.test(value) && !reserved.test(value) ? value : JSON.stringify(value)

const isLeaf = (value: Json): boolean => typeof value !== 'object' || value === null || Object.keys(value).length === 0

const lines = (value: Json, indent: string): string[] => {
  if (Array.isArray(value))
    return value.flatMap((item: Json) =>
      isLeaf(item) ? [`${indent}- ${scalar(item)}`] : [`${indent}-`, ...lines(item, `${indent}  `)],
    )
  return Object.entries(value as { [key: string]: Json | undefined }).flatMap(([key, member]) => {
    if (member === undefined) return []
    return isLeaf(member)
      ? [`${indent}${scalar(key)}: ${scalar(member)}`]
      : [`${indent}${scalar(key)}:`, ...lines(member, `${indent}  `)]
  })
}

/** A JSON document as YAML in block style: every JSON value reads back as itself. */
export const toYaml = (document: Json): string => `${lines(document, '').join('\n')}\n`

export type { Json }
