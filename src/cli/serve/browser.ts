/**
 * Opens an address in the browser of the user.
 * @module
 */
import { spawn } from 'node:child_process'
import type { Terminal } from '../../terminal/terminal.ts'

/** The command that opens an address, by operating system. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}

/** What says that a Linux session has a screen; `xdg-open` without one starts a browser of the terminal, or none. */
const SCREENS = ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME']

/** Whether this session has a screen that a browser could be shown on. */
export function hasScreen(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  return OPENERS[platform] !== undefined || SCREENS.some((name) => (environment[name] ?? '') !== '')
}

/** Opens an address and returns at once; warns where that fails. */
export function openInBrowser(address: string, terminal: Pick<Terminal, 'log'>): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open']
  const opener = spawn(command, [...args, address], { stdio: 'ignore', detached: true })
  const warn = () => terminal.log('warn', `no browser could be opened; open ${address} yourself`)
  opener.on('error', warn)
  // the opener is there, and found no browser
  opener.on('exit', (status) => {
    if (status !== null && status !== 0) warn()
  })
  opener.unref()
}
