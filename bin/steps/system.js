import { readFileSync } from 'node:fs'

/**
 * The system as far as installing goes: which package manager, and which release of which distribution.
 * @param {string} platform as `process.platform`
 * @param {string} osRelease the text of /etc/os-release, empty where there is none
 */
export const describeSystem = (platform, osRelease) => {
  if (platform !== 'linux') return { family: platform, release: 0 }
  const field = (name) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? ''
  const names = [field('ID'), ...field('ID_LIKE').split(' ')]
  const family = ['ubuntu', 'debian', 'fedora', 'arch', 'alpine', 'suse'].find((name) => names.includes(name))
  return { family: family ?? (names.includes('rhel') ? 'fedora' : 'linux'), release: Number(field('VERSION_ID')) || 0 }
}

export const thisSystem = () => {
  let osRelease = ''
  try {
    osRelease = readFileSync('/etc/os-release', 'utf8')
  } catch {}
  return describeSystem(process.platform, osRelease)
}

/** The Java that a Debian or Ubuntu release has: 17 until the release that dropped it. */
const debianJava = ({ family, release }) => {
  const dropped17 = family === 'debian' ? release >= 13 : release > 24.04
  return `openjdk-${dropped17 ? 21 : 17}-jre-headless`
}

/** How each thing is called where it is to be had; `java`, `maven` and `chromium`. */
const MANAGERS = {
  debian: { install: 'apt-get install -y', java: debianJava, maven: 'maven', chromium: 'chromium' },
  ubuntu: { install: 'apt-get install -y', java: debianJava, maven: 'maven', chromium: 'chromium-browser' },
  fedora: { install: 'dnf install -y', java: 'java-latest-openjdk-headless', maven: 'maven', chromium: 'chromium' },
  arch: { install: 'pacman -S --noconfirm', java: 'jre-openjdk-headless', maven: 'maven', chromium: 'chromium' },
  alpine: { install: 'apk add', java: 'openjdk21-jre-headless', maven: 'maven', chromium: 'chromium' },
  suse: { install: 'zypper install -y', java: 'java-21-openjdk-headless', maven: 'maven', chromium: 'chromium' },
  darwin: { install: 'brew install', java: 'openjdk', maven: 'maven', chromium: '--cask chromium' },
  win32: {
    install: 'winget install',
    java: 'EclipseAdoptium.Temurin.21.JRE',
    maven: 'Apache.Maven',
    chromium: 'Hibbiki.Chromium',
  },
}

/** The exact command that installs these things here, undefined on a system that is not known. */
export const installCommand = (system, things, { root }) => {
  const manager = MANAGERS[system.family]
  if (!manager) return undefined
  const names = things.map((thing) => (typeof manager[thing] === 'function' ? manager[thing](system) : manager[thing]))
  const usesSudo = !root && !['darwin', 'win32'].includes(system.family)
  return `${usesSudo ? 'sudo ' : ''}${manager.install} ${names.join(' ')}`
}

/** Whether bootstrap may install by itself: it knows how, and has the right to. */
export const canInstall = (system, { root }) => root && ['debian', 'ubuntu'].includes(system.family)

export const isRoot = () => process.getuid?.() === 0
