import { spawn } from 'node:child_process'
import type { Io } from './io.js'

/** How an address is opened where there is a desktop; undefined where there is none, as over SSH. */
function openerFor(platform: string, env: Io['env']): readonly string[] | undefined {
  switch (platform) {
    case 'darwin':
      return env.SSH_CONNECTION ? undefined : ['open']
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler']
    default:
      return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined
  }
}

/** Tries to show an address in the person's browser, where a person with a desktop is there. Never fails. */
export function openInBrowser(url: string, { stderr, env }: Pick<Io, 'stderr' | 'env'>): void {
  const opener = stderr.isTerminal ? openerFor(process.platform, env) : undefined
  const [command, ...given] = opener ?? []
  if (command === undefined) return
  // The address stands in the terminal, too: who has no such program follows it by hand.
  spawn(command, [...given, url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}
