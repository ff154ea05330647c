import { codePoints, hasDirectionControls } from '#libs/contracts/text.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import type { BroadcastCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'

type ChangeInfo = BroadcastCommandOf<'ChangeInfo'>

const most = { title: 140, category: 60, tag: 25, tags: 10 } as const

const isLine = (text: string, max: number): boolean =>
  codePoints(text) <= max && text.isWellFormed() && !/\p{Cc}/u.test(text) && !hasDirectionControls(text)

const isTags = (text: string): boolean => {
  try {
    const tags: unknown = JSON.parse(text)
    return (
      Array.isArray(tags) &&
      tags.length <= most.tags &&
      tags.every((tag) => typeof tag === 'string' && tag !== '' && isLine(tag, most.tag))
    )
  } catch {
    return false
  }
}

/** A primary language with up to three subtags. */
const isLanguage = (text: string): boolean => text === '' || /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(text)

export const nothingToChange = ({ title, category, tags, language, unlisted }: ChangeInfo): Rejection | undefined =>
  [title, category, tags, language, unlisted].every((field) => field === null)
    ? reject('broadcast.nothing_to_change')
    : undefined

export const unfitInfo = ({ title, category, tags, language }: ChangeInfo): Rejection | undefined => {
  if (title !== null && !isLine(title, most.title)) return unfit('title', most.title)
  if (category !== null && !isLine(category, most.category)) return unfit('category', most.category)
  if (tags !== null && !isTags(tags)) return unfit('tags', most.tag)
  return language === null || isLanguage(language) ? undefined : unfit('language', 0)
}

const unfit = (field: string, max: number): Rejection => reject('broadcast.info_invalid', { field, max })
