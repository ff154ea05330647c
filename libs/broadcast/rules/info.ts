import { codePoints, isLine } from '#libs/contracts/text.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import type { BroadcastCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'

type Info = BroadcastCommandOf<'ChangeBroadcastInfo'>

export const maxTitleLength = 140
export const maxCategoryLength = 64
export const maxLabelLength = 60
export const maxTags = 10
export const maxTagLength = 25

/** A tag of BCP 47 in its usual forms: `en`, `pt-BR`, `zh-Hant-TW`. */
export const languageForm = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/

const unfitLine = (field: 'title' | 'category' | 'label', text: string | null, max: number): Rejection | undefined => {
  if (text === null) return undefined
  if (codePoints(text) > max) return reject('broadcast.text_too_long', { field, max })
  return isLine(text) ? undefined : reject('broadcast.text_invalid', { field })
}

export const unfitTitle = ({ title }: Info): Rejection | undefined => unfitLine('title', title, maxTitleLength)

export const unfitCategory = ({ category }: Info): Rejection | undefined =>
  unfitLine('category', category, maxCategoryLength)

export const unfitLabel = (label: string | null): Rejection | undefined => unfitLine('label', label, maxLabelLength)

/** Commas part one tag from the next where they are kept. */
const isTag = (tag: string): boolean =>
  tag.trim() === tag && tag !== '' && codePoints(tag) <= maxTagLength && !tag.includes(',') && isLine(tag)

export const unfitTags = ({ tags }: Info): Rejection | undefined => {
  if (tags === null) return undefined
  if (tags.length > maxTags) return reject('broadcast.tags_invalid', { max: maxTags, maxLength: maxTagLength })
  const isGood = tags.every(isTag) && new Set(tags.map((tag) => tag.toLowerCase())).size === tags.length
  return isGood ? undefined : reject('broadcast.tags_invalid', { max: maxTags, maxLength: maxTagLength })
}

export const unfitLanguage = ({ language }: Info): Rejection | undefined =>
  language === null || language === '' || languageForm.test(language) ? undefined : reject('broadcast.language_invalid')
