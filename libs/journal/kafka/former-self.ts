import { openCluster } from './cluster.ts'
import type { KafkaSettings } from './options.ts'

/**
 * Takes members out of a group that bear this process's own name: a process that was killed left them behind, and its
 * partitions would be nobody's until their sessions ran out. It does what static membership (KIP-345) would, which
 * kafkajs does not know. Safe also where such a member lives: it joins anew, and journals arbitrate between owners, not
 * groups.
 * @throws whatever the brokers refuse with; the sessions end by themselves then
 */
export const removeFormerSelf = async (settings: KafkaSettings, group: string): Promise<void> => {
  const { cluster, close } = await openCluster(settings)
  try {
    await cluster.refreshMetadata()
    const coordinator = await cluster.findGroupCoordinator({ groupId: group })
    const { groups } = await coordinator.describeGroups({ groupIds: [group] })
    for (const { memberId, clientId } of groups.flatMap(({ members }) => members)) {
      if (clientId !== settings.clientId) continue
      await coordinator.leaveGroup({ groupId: group, memberId })
      settings.log('info', 'kafka: a member of a group that was killed has been taken out of it', { group, memberId })
    }
  } finally {
    close()
  }
}
