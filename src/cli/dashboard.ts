/**
 * `support-etl dashboard`: serves the pages to this machine, or writes them as a site.
 * @module
 */
import { spawn } from 'node:child_process'
import { folderStore } from '../connect/files/folder-store.ts'
import { dashboardData } from '../dashboard/data.ts'
import { exportDashboard } from '../dashboard/export.ts'
import { pageFiles } from '../dashboard/page-files.ts'
import { placesBelow } from '../dashboard/place-folders.ts'
import { serveDashboard } from '../dashboard/serve.ts'
import { ConnectError } from '../errors.ts'
import { callsCliEffects, placed, placedFolder } from '../systems/calls/commands/places.ts'
import { isFile, type PlacedFile } from '../systems/calls/job/manifest-file.ts'
import { meantPath } from '../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../terminal/exit-code.ts'
import { failureText } from '../terminal/failure.ts'
import { optionError, parseCount } from '../terminal/option-values.ts'
import { counted, printable, renderJson } from '../terminal/render.ts'
import type { Terminal } from '../terminal/terminal.ts'

interface DashboardValues {
  readonly data: string
  readonly manifest?: string
  readonly out: string
  readonly port: string
  readonly open?: true
  readonly export?: string
  readonly json?: true
}

const LAST_PORT = 65_535

/** The command that opens an address, by operating system. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}

function openInBrowser(address: string, terminal: Terminal): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open']
  const opener = spawn(command, [...args, address], { stdio: 'ignore', detached: true })
  opener.on('error', () => terminal.log('warn', `no browser could be opened; open ${address} yourself`))
  opener.unref()
}

/** Resolves when the process receives a signal to end. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}

/** Refuses a bucket: files there would have no content types, and browsers would download them. */
function refuseNoFolder(folder: string | undefined): void {
  if (folder === undefined || !/^[a-z][a-z0-9+.-]+:\//i.test(folder)) return
  throw new ConnectError(
    'path_invalid',
    '--export writes a folder of this machine only; write one and upload it with content types',
  )
}

/** The pages say the same, but the user who exports them may not look. */
async function warnOfMissing(path: string, calls: PlacedFile, terminal: Terminal): Promise<void> {
  if (await isFile(calls)) return
  const file = printable(`${path}${meantPath(path)}`)
  terminal.log(
    'warn',
    `no curated calls at ${file}: make them with "support-etl calls clean", or name them with --data`,
  )
}

/** Serves until interrupted, or writes the site and ends. */
export async function dashboard(values: DashboardValues, terminal: Terminal): Promise<ExitCode> {
  const port = parseCount('--port', values.port)
  if (port > LAST_PORT) throw optionError('--port', values.port, `a port, at most ${LAST_PORT}`)
  const calls = placed('--data', values.data)
  const manifest =
    values.manifest === undefined ? { ...calls, name: 'manifest.json' } : placed('--manifest', values.manifest)
  const out = placedFolder('--out', values.out)
  const places = placesBelow(values.out, out, (location) => placedFolder('--out', location))
  const sources = { calls, manifest, out, places }
  refuseNoFolder(values.export)
  await warnOfMissing(values.data, calls, terminal)
  const data = dashboardData(sources, callsCliEffects(terminal))
  const page = pageFiles()
  if (values.export !== undefined) {
    const files = await exportDashboard(folderStore(values.export), page, data)
    const told = `${values.export} holds the dashboard: ${counted(files.length, 'file')} for any file server\n`
    await terminal.print(values.json ? renderJson({ export: values.export, files }) : told)
    return EXIT.done
  }
  const onError = (error: unknown) => terminal.log('error', failureText(error, terminal))
  const serving = await serveDashboard({ port, page, data, onError })
  await terminal.print(values.json ? renderJson({ address: serving.address }) : `${terminal.title(serving.address)}\n`)
  terminal.log('info', 'serving this machine only; Ctrl+C ends it')
  if (values.open) openInBrowser(serving.address, terminal)
  await ended()
  await serving.close()
  return EXIT.done
}
