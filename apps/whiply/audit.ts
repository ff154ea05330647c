import { openReadSide } from '#apps/projector/read-side.ts'
import { auditedFamilies } from '#libs/audit/audited.ts'
import { type Finding, type Verified, verifyPlace } from '#libs/audit/chain/verify.ts'
import type { Command } from '#libs/config/app.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import { createLogger } from '#libs/telemetry/logger.ts'

const said = (finding: Finding): string =>
  'sequence' in finding
    ? `${finding.kind.replace('_', ' ')}: ${finding.sequence}`
    : `${finding.kind}: records ${finding.from} to ${finding.to}`

const lineOf = ({ place, records, covered, heads, at, findings }: Verified): string => {
  const name = `${place.family}.${place.partition}`.padEnd(16)
  const signed =
    at === undefined ? 'no head yet' : `${covered} signed by ${heads} heads, the last ${new Date(at).toISOString()}`
  return `${name}${findings.length === 0 ? 'whole' : findings.map(said).join('; ')} (${records} records, ${signed})\n`
}

/**
 * `whiply audit verify`: reads the journals of the audit afresh, and holds them against what was signed. Exit code 1 where
 * anything is not as it was.
 */
export const auditVerify: Command = async (config, _args, signal) => {
  const side = await openReadSide(config, createLogger('audit', 'error'), signal)
  try {
    const objects = await openConfiguredObjects(config)
    const { log, meta, vault } = side
    let found = 0
    for (const place of side.places.filter(({ family }) => (auditedFamilies as readonly string[]).includes(family))) {
      signal.throwIfAborted()
      const verified = await verifyPlace({ log, logId: meta.logId, objects, sealing: vault.evidence }, place)
      found += verified.findings.length
      process.stdout.write(lineOf(verified))
    }
    return found > 0 ? 1 : 0
  } finally {
    await side.close()
  }
}
