import assert from 'node:assert/strict'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { findBrowser } from './browser.js'
import { needsOf } from './main.js'
import { isRecentEnough, nodePackage } from './node-runtime.js'
import { installedMatchesLock } from './packages.js'
import { explainMissing, parseJavaVersion } from './prerequisites.js'
import { canInstall, describeSystem, installCommand } from './system.js'
import { gist } from './terminal.js'

const bookworm = describeSystem('linux', 'ID=debian\nVERSION_ID="12"\n')

test('the release of Java is read from what vendors print', () => {
  assert.equal(parseJavaVersion('openjdk version "17.0.15" 2025-04-15'), 17)
  assert.equal(parseJavaVersion('java version "1.8.0_392"'), 8)
  assert.equal(parseJavaVersion('openjdk version "25" 2025-09-16'), 25)
  assert.equal(parseJavaVersion('The command java could not be found'), undefined)
})

test('the command to install is exact for each system', () => {
  const commands = (platform, osRelease) =>
    installCommand(describeSystem(platform, osRelease), ['java', 'maven'], { root: false })
  assert.equal(
    commands('linux', 'ID=debian\nVERSION_ID="12"\n'),
    'sudo apt-get install -y openjdk-17-jre-headless maven',
  )
  assert.equal(
    commands('linux', 'ID=debian\nVERSION_ID="13"\n'),
    'sudo apt-get install -y openjdk-21-jre-headless maven',
  )
  assert.equal(
    commands('linux', 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\n'),
    'sudo apt-get install -y openjdk-17-jre-headless maven',
  )
  assert.equal(
    commands('linux', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'),
    'sudo dnf install -y java-latest-openjdk-headless maven',
  )
  assert.equal(commands('darwin', ''), 'brew install openjdk maven')
  assert.equal(commands('linux', 'ID=nixos\n'), undefined)
})

test('root needs no sudo, and only root on Debian may be offered that it is done', () => {
  assert.equal(installCommand(bookworm, ['chromium'], { root: true }), 'apt-get install -y chromium')
  assert.equal(canInstall(bookworm, { root: true }), true)
  assert.equal(canInstall(bookworm, { root: false }), false)
  assert.equal(canInstall(describeSystem('darwin', ''), { root: true }), false)
})

test('what is missing is told with the command, and with the way around it', () => {
  const text = explainMissing([{ thing: 'java', why: 'Java 17 or newer (runs Kafka)' }], bookworm, { root: false })
  assert.match(text, /Java 17 or newer/)
  assert.match(text, /sudo apt-get install -y openjdk-17-jre-headless$/m)
  assert.match(text, /KAFKA_BROKERS/)
  assert.doesNotMatch(text, /--yes/)
})

test('packages are installed when the lock names another version, not for what belongs to another platform', () => {
  const lock = (packages) => ({ packages: { '': {}, ...packages } })
  const ws = { 'node_modules/ws': { version: '8.23.0' } }
  const forWindows = { 'node_modules/win': { version: '1.0.0', optional: true } }
  assert.equal(installedMatchesLock(lock({ ...ws, ...forWindows }), lock(ws)), true)
  assert.equal(installedMatchesLock(lock(ws), lock({ 'node_modules/ws': { version: '8.22.0' } })), false)
  assert.equal(installedMatchesLock(lock(ws), lock({})), false)
  assert.equal(installedMatchesLock(lock(ws), null), false)
})

test('an old Node is replaced by a package for the platform', () => {
  assert.equal(isRecentEnough('20.20.2'), false)
  assert.equal(isRecentEnough('24.2.0'), false)
  assert.equal(isRecentEnough('24.21.0'), true)
  assert.equal(isRecentEnough('26.0.0'), true)
  for (const platform of ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'])
    assert.equal(isRecentEnough(nodePackage(...platform.split('-'))[1]), true, platform)
  assert.equal(nodePackage('sunos', 'x64'), undefined)
})

test('the first browser on the search path is taken', () => {
  const there = join('b', 'google-chrome')
  assert.equal(
    findBrowser(['a', 'b'].join(delimiter), (path) => path === there),
    there,
  )
  assert.equal(
    findBrowser('a', () => false),
    undefined,
  )
})

test('help and engines of one’s own need no engine', () => {
  const engines = (entry, args, env = {}) => needsOf(entry, args, env).has('engines')
  assert.equal(engines('start', []), true)
  assert.equal(engines('start', ['--help']), false)
  assert.equal(engines('start', [], { KAFKA_BROKERS: 'kafka:9092' }), false)
  assert.equal(engines('whiply', ['admin', 'reset']), false)
  assert.equal(engines('start', ['--kafka-brokers', 'kafka:9092']), false)
  assert.equal(engines('start', ['--kafka-brokers=kafka:9092']), false)
  assert.equal(engines('whiply', ['start']), true)
  assert.equal(engines('whiply', ['start', '-h']), false)
  assert.equal(engines('whiply', ['start'], { KAFKA_BROKERS: 'kafka:9092' }), false)
  assert.equal(engines('test', [], { KAFKA_BROKERS: 'kafka:9092' }), true)
})

test('of a failed command its reason is shown, not its warnings and its usage', () => {
  const usage = Array.from({ length: 40 }, (_, line) => `npm error   --flag-${line}`)
  const shown = gist(['npm warn old', 'npm error code EUSAGE', 'npm error', ...usage].join('\n'))
  assert.match(shown, /^npm error code EUSAGE\n/)
  assert.match(shown, /\n…$/)
  assert.doesNotMatch(shown, /warn/)
})
