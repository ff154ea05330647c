import type { Log } from '#libs/journal/log.ts'

/** The platform's topics have fixed names; so that tests can share a broker, each sees them under a prefix of its own. */
export const prefixedLog = (log: Log, prefix: string): Log => {
  const outer = (topic: string): string => `${prefix}.${topic}`
  const inner = (topic: string): string => topic.slice(prefix.length + 1)
  return {
    appender: async () => {
      const appender = await log.appender()
      return {
        append: (topic, ...rest) => appender.append(outer(topic), ...rest),
        appendMany: (topic, batches) => appender.appendMany(outer(topic), batches),
        close: appender.close,
      }
    },
    tail: async (topics, handlers) => {
      const tail = await log.tail(topics.map(outer), {
        onRecords: (topic, partition, records) => handlers.onRecords(inner(topic), partition, records),
        onOutOfRange: (topic, ...rest) => handlers.onOutOfRange(inner(topic), ...rest),
        onError: handlers.onError,
      })
      return {
        read: (topic, partition, from) => tail.read(outer(topic), partition, from),
        stop: (topic, partition) => tail.stop(outer(topic), partition),
        close: tail.close,
      }
    },
    join: ({ group, topics, onAssignment }) =>
      log.join({
        group: outer(group),
        topics: topics.map(outer),
        onAssignment: (assignment) =>
          onAssignment(new Map([...assignment].map(([topic, numbers]) => [inner(topic), numbers]))),
      }),
    bounds: (topic) => log.bounds(outer(topic)),
    createTopic: (topic, settings) => log.createTopic(outer(topic), settings),
    describeTopic: (topic) => log.describeTopic(outer(topic)),
    close: log.close,
  }
}
