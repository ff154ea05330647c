import { z } from 'zod'
import { commandIdSchema, idSchema } from './ids.ts'

const reason = z.string().min(1).max(4096).optional().describe('For the log of the moderators')

/** What is wrong with what is reported. */
export const reportCategories = ['spam', 'harassment', 'hate', 'sexual', 'violence', 'self_harm', 'other'] as const

/** What members and moderators do about cases, by its kind. */
export const caseworkActs = [
  z
    .strictObject({
      kind: z.literal('report'),
      message: commandIdSchema.optional(),
      member: idSchema.optional().describe('Where no message is named'),
      category: z.enum(reportCategories),
      words: z.string().min(1).max(4096).optional().describe('For the moderators: 1 to 512 code points'),
    })
    .describe('Reports a message, or a person, to the moderators, who see the messages around as they were then'),
  z
    .strictObject({ kind: z.literal('claim-report'), report: commandIdSchema, claim: z.boolean() })
    .describe('Takes a report on, or leaves it to others again'),
  z
    .strictObject({
      kind: z.literal('close-report'),
      report: commandIdSchema,
      resolution: z.enum(['acted', 'dismissed']),
      act: commandIdSchema.optional().describe('Id of the act that it led to'),
      reason,
    })
    .describe('Closes a report, and all that are about the same; those who reported it are told'),
  z
    .strictObject({
      kind: z.literal('decide-term'),
      term: commandIdSchema.describe('Id of the nuke'),
      keep: z.boolean(),
      reason,
    })
    .describe('Keeps a term blocked that a nuke has blocked, or lets it be said again'),
] as const

const id = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'

export type CaseworkAct = z.infer<(typeof caseworkActs)[number]>

/** An example of each. */
export const caseworkExamples: {
  readonly [Kind in CaseworkAct['kind']]: Extract<CaseworkAct, { kind: Kind }>
} = {
  report: { kind: 'report', message: id, category: 'spam', words: 'The same in every channel' },
  'claim-report': { kind: 'claim-report', report: id, claim: true },
  'close-report': { kind: 'close-report', report: id, resolution: 'acted', act: id },
  'decide-term': { kind: 'decide-term', term: id, keep: true, reason: 'slur' },
}

/** What somebody alone is told of a case of theirs, by its kind. */
export const caseworkBodies = [
  z
    .strictObject({
      kind: z.literal('report-closed'),
      report: commandIdSchema,
      resolution: z.enum(['acted', 'dismissed']),
    })
    .describe('What the receiver had reported was handled'),
] as const

type CaseworkBody = z.infer<(typeof caseworkBodies)[number]>

/** An example of each. */
export const caseworkBodyExamples: readonly CaseworkBody[] = [
  { kind: 'report-closed', report: id, resolution: 'acted' },
]

/** What an entry of the moderators' lane says of a case. */
export const caseworkEntry = {
  caseId: commandIdSchema.optional().describe('The report, appeal, proposal or blocked term that it is about'),
  label: z.string().optional().describe('Category of a report; how something was answered; the act that it led to'),
  related: z.array(idSchema).optional().describe('Known alts of whom it was done to, or who was linked to them'),
  origin: idSchema.optional().describe('The channel whose ban list or group it came from'),
}
