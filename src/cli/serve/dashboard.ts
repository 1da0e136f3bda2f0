/**
 * `support-etl dashboard`: serves the pages to this machine, or writes them as a site.
 * @module
 */
import { existsSync } from 'node:fs'
import { folderStore } from '../../connect/files/folder-store.ts'
import { type DashboardData, dashboardData } from '../../dashboard/data.ts'
import { exportDashboard } from '../../dashboard/export.ts'
import { pageFiles } from '../../dashboard/page-files.ts'
import { placesBelow } from '../../dashboard/place-folders.ts'
import { serveDashboard } from '../../dashboard/serve.ts'
import { ConnectError } from '../../errors.ts'
import { type Effects, nodeEffects } from '../../pipeline/effects.ts'
import { findKeptElsewhere } from '../../pipeline/keeper.ts'
import type { System } from '../../systems/system.ts'
import { USUAL_OUT } from '../../terminal/advised-lines.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { meantPath } from '../../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import { failureText } from '../../terminal/failure.ts'
import { optionError, parseCount } from '../../terminal/flags/option-values.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { placedFolder } from '../../terminal/text/placed.ts'
import { counted, renderJson } from '../../terminal/text/render.ts'
import { openInBrowser } from './browser.ts'

/** The values of the command's own flags; those of the systems stand beside them. */
export interface DashboardValues {
  readonly out: string
  readonly port: string
  readonly open?: true
  readonly export?: string
  readonly tables?: string
  readonly json?: true
}

const LAST_PORT = 65_535

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

/** The tables that a site holds beside the outputs. */
async function exportedTables(data: DashboardData, { tables: list, export: site }: DashboardValues): Promise<string[]> {
  if (list === undefined) return []
  if (site === undefined) {
    throw optionError('--tables', list, '--export beside it; the dashboard of this machine shows all tables')
  }
  const known = await data.tableNames()
  if (list === 'all') return [...known]
  const names = list.split(',').map((name) => name.trim())
  if (names.every((name) => known.includes(name))) return names
  const choices = known.length === 0 ? 'a table, and there is none' : `all, or tables out of ${known.join(', ')}`
  throw optionError('--tables', list, choices)
}

/** The values of the systems' own flags, which take text. */
function textValues(values: DashboardValues): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string'))
}

/** Tells where the pages are; awaited before a browser is opened. */
export type TellAddress = (address: string) => Promise<void>

/** The pages and their data, opened for one command. */
interface OpenedPages {
  readonly data: DashboardData
  readonly places: ReturnType<typeof placesBelow>
  readonly port: number
  readonly effects: Effects
}

async function openPages(
  values: DashboardValues,
  terminal: Terminal,
  systems: readonly System[],
): Promise<OpenedPages> {
  const port = parseCount('--port', values.port)
  if (port > LAST_PORT) throw optionError('--port', values.port, `a port, at most ${LAST_PORT}`)
  const effects = { ...nodeEffects(), ...effectsOf(terminal) }
  const open = (location: string) => placedFolder('--out', location, effects.openSource)
  const places = placesBelow(values.out, open(values.out), open)
  return { data: await dashboardData({ systems, values: textValues(values), places }, effects), places, port, effects }
}

async function servePages(
  { data, port, effects }: OpenedPages,
  opens: boolean,
  terminal: Terminal,
  tell: TellAddress,
): Promise<void> {
  const onError = (error: unknown) => terminal.log('error', failureText(error, terminal))
  const serving = await serveDashboard({ port, page: pageFiles(), data, onError }, effects)
  // a signal may come as soon as the address is known
  const end = ended()
  await tell(serving.address)
  terminal.log('info', 'serving this machine only; Ctrl+C ends it')
  if (opens) openInBrowser(serving.address, terminal)
  await end
  await serving.close()
}

/** Serves the pages until the process is interrupted. */
export async function serveUntilEnd(
  values: DashboardValues,
  terminal: Terminal,
  systems: readonly System[],
  tell: TellAddress,
): Promise<void> {
  await servePages(await openPages(values, terminal, systems), values.open === true, terminal, tell)
}

/** Serves until interrupted, or writes the site and ends. */
export async function dashboard(
  values: DashboardValues,
  terminal: Terminal,
  systems: readonly System[],
): Promise<ExitCode> {
  const pages = await openPages(values, terminal, systems)
  refuseNoFolder(values.export)
  if (values.out !== USUAL_OUT && !values.out.includes('://') && !existsSync(values.out)) {
    terminal.log(
      'warn',
      `there is no folder ${values.out}${meantPath(values.out)}: --out names the folder in which jobs keep their state`,
    )
  }
  const { data } = pages
  for (const { out } of await pages.places()) {
    const kept = await findKeptElsewhere(out)
    if (kept !== null) terminal.log('warn', failureText(kept.error, terminal))
  }
  // the pages say the same, but the user who exports them may not look
  for (const text of await data.missing()) terminal.log('warn', text)
  const tables = await exportedTables(data, values)
  if (values.export !== undefined) {
    const files = await exportDashboard(folderStore(values.export), pageFiles(), data, tables)
    const told = `${values.export} holds the dashboard: ${counted(files.length, 'file')} for any file server\n`
    await terminal.print(values.json ? renderJson({ export: values.export, files }) : terminal.fit(told))
    return EXIT.done
  }
  await servePages(pages, values.open === true, terminal, async (address) => {
    await terminal.print(values.json ? renderJson({ address }) : `${terminal.title(address)}\n`)
  })
  return EXIT.done
}
