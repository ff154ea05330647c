import type { Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import { maxTimeoutMs, minTimeoutMs } from './moderation.ts'

export const maxSteps = 10

const isStep = (step: number): boolean =>
  step === -1 || step === 0 || (Number.isInteger(step) && step >= minTimeoutMs && step <= maxTimeoutMs)

export const ladderUnfit = (steps: readonly number[]): Rejection | undefined =>
  steps.length >= 1 && steps.length <= maxSteps && steps.every(isStep)
    ? undefined
    : reject('channel.ladder_unfit', { maxSteps, minMs: minTimeoutMs, maxMs: maxTimeoutMs })
