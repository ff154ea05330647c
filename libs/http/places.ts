import type { Family } from '#libs/journal/families.ts'
import type { Meta } from '#libs/journal/meta.ts'
import { HttpProblem } from './problem.ts'

/** Throws `http.invalid_request` where a well-formed position names a partition that there is none of: it never comes. */
export const checkPlace = (token: string, partitions: Meta['partitions']): void => {
  const [family = '', partition] = token.split('.')
  if (Object.hasOwn(partitions, family) && Number(partition) < partitions[family as Family]) return
  throw new HttpProblem('http.invalid_request', {
    violations: [{ at: 'min-position', message: 'names a partition that there is none of' }],
  })
}
