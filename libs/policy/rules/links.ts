import type { Compile } from '../check.ts'
import { linksIn } from '../subject.ts'
import { domainsOf } from '../text/links.ts'

/** Links, by domains that are forbidden, or the only ones permitted. A domain stands for its subdomains. */
export const compileLinks: Compile<'links'> = ({ domains, listed, obfuscated, verdict }) => {
  const list = new Set(domains.map((domain) => domain.normalize('NFKC').toLowerCase()))
  const isListed = (host: string): boolean => domainsOf(host).some((domain) => list.has(domain)) || list.has(host)
  return (subject) => {
    const links = linksIn(subject).filter((link) => obfuscated || !link.obfuscated)
    const hit = links.some(({ host }) => isListed(host) === (listed === 'forbidden'))
    return hit ? verdict : undefined
  }
}
