import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectByLines } from './lines.ts'
import { type Peer, programPath } from './peer.ts'

const connect: Peer['connect'] = (connection) =>
  connectByLines(connection, {
    greeting: `NICK ${connection.name}\r\nUSER ${connection.name} 0 * :${connection.name}\r\n`,
    answer: (line) => {
      if (line.startsWith('PING')) return `PONG${line.slice(4)}\r\n`
      return / 001 /.test(line) ? `JOIN #${connection.channel}\r\n` : undefined
    },
    isIn: (line) => / 366 /.test(line),
    post: (text) => `PRIVMSG #${connection.channel} :${text}\r\n`,
  })

/** A server of IRC, with its brakes against floods off. */
const ircServer = (
  name: string,
  args: (file: string) => readonly string[],
  config: (port: number) => string,
): Peer => ({
  name,
  echoes: false,
  command: async (port, folder) => {
    const program = programPath(name)
    if (!program) return undefined
    const file = join(folder, `${name}.conf`)
    await writeFile(file, config(port))
    return [program, ...args(file)]
  },
  connect,
})

export const ngircd = ircServer(
  'ngircd',
  (file) => ['-n', '-f', file],
  (port) => `[Global]
Name = irc.localhost
Info = bench
Listen = 127.0.0.1
Ports = ${port}
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 20
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
`,
)

export const inspircd = ircServer(
  'inspircd',
  (file) => ['--nofork', '--runasroot', '--config', file],
  (port) => `<config format="xml">
<server name="irc.localhost" description="bench" network="bench">
<admin name="bench" nick="bench" email="bench@localhost">
<bind address="127.0.0.1" port="${port}" type="clients">
<connect allow="*" timeout="60" threshold="1000000" commandrate="100000000" fakelag="no" hardsendq="64M" softsendq="64M"
  recvq="64M" localmax="100000" globalmax="100000" resolvehostnames="no" pingfreq="10m" maxconnwarn="no">
<class name="none" commands="">
<options prefixquit="" splitwhois="no">
<performance softlimit="20000" somaxconn="4096" netbuffersize="65535" clonesonconnect="no" quietbursts="yes">
<pid file="/dev/null">
<log method="stderr" level="none" type="* -*">
`,
)
