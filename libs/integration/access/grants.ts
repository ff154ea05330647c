import kafkajs, { type AclEntry, type Admin } from 'kafkajs'
import { groupPrefix } from './integrator.ts'

const {
  AclOperationTypes: operation,
  AclPermissionTypes: permission,
  AclResourceTypes: resource,
  ResourcePatternTypes: pattern,
} = kafkajs

const principalOf = (name: string): string => `User:${name}`

/** To read and to be told of: what a consumer needs, and no more. */
const readingOf = (name: string, of: Pick<AclEntry, 'resourceType' | 'resourceName' | 'resourcePatternType'>) =>
  [operation.READ, operation.DESCRIBE].map((allowed) => ({
    ...of,
    principal: principalOf(name),
    host: '*',
    operation: allowed,
    permissionType: permission.ALLOW,
  }))

/** Lets a user read these topics, each by its very name, in groups of its own. What it has already stays. */
export const grantTopics = async (admin: Admin, name: string, topics: readonly string[]): Promise<void> => {
  const groups = {
    resourceType: resource.GROUP,
    resourceName: groupPrefix(name),
    resourcePatternType: pattern.PREFIXED,
  }
  const each = topics.map((topic) => ({
    resourceType: resource.TOPIC,
    resourceName: topic,
    resourcePatternType: pattern.LITERAL,
  }))
  await admin.createAcls({ acl: [groups, ...each].flatMap((of) => readingOf(name, of)) })
}

/** Takes everything away that a user was ever given, by whomever. */
export const revokeAll = async (admin: Admin, name: string): Promise<void> => {
  await admin.deleteAcls({
    filters: [
      {
        principal: principalOf(name),
        resourceType: resource.ANY,
        resourcePatternType: pattern.ANY,
        operation: operation.ANY,
        permissionType: permission.ANY,
      },
    ],
  })
}

/**
 * The topics that each user may read, by its name; `*` behind the beginning of names. Users that were given anything at
 * all are among them.
 */
export const grantedTopics = async (admin: Admin): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { resources } = await admin.describeAcls({
    resourceType: resource.ANY,
    resourcePatternType: pattern.ANY,
    operation: operation.ANY,
    permissionType: permission.ANY,
  })
  const granted = new Map<string, Set<string>>()
  for (const { resourceType, resourceName, resourcePatternType, acls } of resources)
    for (const acl of acls) {
      const name = acl.principal.replace(/^User:/, '')
      const topics = granted.get(name) ?? new Set()
      granted.set(name, topics)
      const mayRead = acl.operation === operation.READ && acl.permissionType === permission.ALLOW
      const all = resourcePatternType === pattern.PREFIXED ? '*' : ''
      if (resourceType === resource.TOPIC && mayRead) topics.add(`${resourceName}${all}`)
    }
  return new Map([...granted].map(([name, topics]) => [name, [...topics].sort()]))
}
