import type { Classification } from '#libs/policy/subject.ts'

type Facts = Readonly<Record<string, string>>

/** What an outside model said of a message, as it rides on the command (I9): a soft fact that the edge has asked for. */
export const classificationFacts = (classification: Classification | undefined): Facts => {
  if (!classification) return {}
  if (classification.kind === 'unavailable') return { classifier: 'unavailable' }
  const { label, score, version } = classification
  return { classifier: 'answered', classifierLabel: label, classifierScore: String(score), classifierVersion: version }
}

/** What a model said of a message, in words for the moderators, where a rule of that kind has spoken. */
export const saidByModel = (ruleKind: string | null, facts: Facts): string | null => {
  const said = ruleKind === 'classifier' ? classificationOf(facts) : undefined
  if (!said) return null
  return said.kind === 'unavailable' ? 'unavailable' : `${said.label} ${said.score} (${said.version})`
}

/** The other way round; undefined where no model was asked. Facts that make no sense are no answer. */
export const classificationOf = (facts: Facts): Classification | undefined => {
  const { classifier, classifierLabel: label, classifierVersion: version } = facts
  if (classifier === undefined) return undefined
  const score = Number(facts.classifierScore ?? Number.NaN)
  return classifier === 'answered' && label !== undefined && version !== undefined && Number.isFinite(score)
    ? { kind: 'classified', label, score, version }
    : { kind: 'unavailable' }
}
