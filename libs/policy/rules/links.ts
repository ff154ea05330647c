import type { Compile } from '../check.ts'
import { linksIn } from '../subject.ts'
import { domainsOf, hostOf } from '../text/hosts.ts'

const formOf = (domain: string): string => {
  const written = domain.normalize('NFKC').toLowerCase()
  return hostOf(written) ?? written
}

/**
 * Links, by domains that are forbidden, or the only ones permitted, and by addresses. A domain stands for its subdomains.
 * However one is written, it is the same: as Unicode or punycode, as four numbers or one.
 */
export const compileLinks: Compile<'links'> = ({ domains, listed, obfuscated, verdict }) => {
  const list = new Set(domains.map(formOf))
  const isListed = (host: string): boolean => domainsOf(host).some((domain) => list.has(domain))
  return (subject) => {
    const links = linksIn(subject).filter((link) => obfuscated || !link.obfuscated)
    const hit = links.some(({ host }) => isListed(host) === (listed === 'forbidden'))
    return hit ? verdict : undefined
  }
}
