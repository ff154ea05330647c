import { z } from 'zod'
import type { CompatibilityLevel } from '#libs/contracts/avro/levels.ts'
import { noLevelOfItsOwn, noModeOfItsOwn, subjectNotFound } from '../errors.ts'
import { writing } from '../open.ts'
import {
  globalLevel,
  globalMode,
  levelOf,
  modeOf,
  ownLevel,
  ownMode,
  setLevel,
  setMode,
  unsetLevel,
  unsetMode,
} from '../settings.ts'
import { subjectOf } from '../subject.ts'
import { bodyOf, isAsked, param, type RegistryRequest, type RegistryRoute } from './request.ts'

const subject = (request: RegistryRequest): string => subjectOf(param(request, 'subject'))

const Level = z.object({ compatibility: z.string() })
const ModeBody = z.object({ mode: z.string() })

const level = (compatibilityLevel: CompatibilityLevel) => ({ compatibilityLevel })

/** The level (`/config`) and the mode (`/mode`), of all subjects or of one. */
export const settingsRoutes: readonly RegistryRoute[] = [
  { method: 'GET', path: '/config', handle: async (_request, sql) => level(await globalLevel(sql)) },
  {
    method: 'PUT',
    path: '/config',
    handle: async (request, sql) => ({
      compatibility: await writing(sql, (transaction) =>
        setLevel(transaction, undefined, bodyOf(request, Level).compatibility),
      ),
    }),
  },
  {
    method: 'DELETE',
    path: '/config',
    handle: (_request, sql) =>
      writing(sql, async (transaction) => {
        const before = await globalLevel(transaction)
        await unsetLevel(transaction, undefined)
        return level(before)
      }),
  },
  {
    method: 'GET',
    path: '/config/{subject}',
    handle: async (request, sql) => {
      const own = await ownLevel(sql, subject(request))
      if (own) return level(own)
      if (isAsked(request, 'defaultToGlobal')) return level(await levelOf(sql, subject(request)))
      throw noLevelOfItsOwn(subject(request))
    },
  },
  {
    method: 'PUT',
    path: '/config/{subject}',
    handle: async (request, sql) => ({
      compatibility: await writing(sql, (transaction) =>
        setLevel(transaction, subject(request), bodyOf(request, Level).compatibility),
      ),
    }),
  },
  {
    method: 'DELETE',
    path: '/config/{subject}',
    handle: (request, sql) =>
      writing(sql, async (transaction) => {
        const before = await ownLevel(transaction, subject(request))
        if (!before) throw subjectNotFound(subject(request))
        await unsetLevel(transaction, subject(request))
        return level(before)
      }),
  },
  { method: 'GET', path: '/mode', handle: async (_request, sql) => ({ mode: await globalMode(sql) }) },
  {
    method: 'PUT',
    path: '/mode',
    handle: async (request, sql) => ({
      mode: await writing(sql, (transaction) =>
        setMode(transaction, undefined, bodyOf(request, ModeBody).mode, isAsked(request, 'force')),
      ),
    }),
  },
  {
    method: 'GET',
    path: '/mode/{subject}',
    handle: async (request, sql) => {
      const own = await ownMode(sql, subject(request))
      if (own) return { mode: own }
      if (isAsked(request, 'defaultToGlobal')) return { mode: await modeOf(sql, subject(request)) }
      throw noModeOfItsOwn(subject(request))
    },
  },
  {
    method: 'PUT',
    path: '/mode/{subject}',
    handle: async (request, sql) => ({
      mode: await writing(sql, (transaction) =>
        setMode(transaction, subject(request), bodyOf(request, ModeBody).mode, isAsked(request, 'force')),
      ),
    }),
  },
  {
    method: 'DELETE',
    path: '/mode/{subject}',
    handle: (request, sql) =>
      writing(sql, async (transaction) => {
        const before = await ownMode(transaction, subject(request))
        if (!before) throw subjectNotFound(subject(request))
        await unsetMode(transaction, subject(request))
        return { mode: before }
      }),
  },
]
