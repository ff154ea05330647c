import { parentPort } from 'node:worker_threads'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english, translations } from '@zxcvbn-ts/language-en'
import { type Asked, maxScored, ready, type Scored } from './messages.ts'

/** Ten times as many words as these would need three times the memory, and refuse hardly anything more. */
const { 'lastnames-en': _lastNames, 'wikipedia-en': _wikipedia, ...words } = english

const { 'diceware-common': _diceware, ...passwords } = common

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...passwords, ...words },
  graphs: adjacencyGraphs,
  translations,
  maxLength: maxScored,
  // What a password of `@4$5!1|0` and the like may cost grows with it: 50 ms so, a second by default.
  l33tMaxSubstitutions: 20,
})

parentPort?.on('message', ({ id, password, words }: Asked) => {
  const { guesses, feedback } = zxcvbn.check(password, [...words])
  const hint = [feedback.warning, ...feedback.suggestions].filter((each) => each !== null && each !== '').join(' ')
  parentPort?.postMessage({ id, guesses, hint } satisfies Scored)
})

parentPort?.postMessage(ready)
