/**
 * The dashboard in a real Chromium: built, served, and watched for everything that it must not do.
 * @module
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import type { FileStore } from '../../src/connect/file-store.ts'
import { folderStore } from '../../src/connect/files/folder-store.ts'
import { type DashboardData, dashboardData } from '../../src/dashboard/data.ts'
import { type PageFile, pageFiles } from '../../src/dashboard/page-files.ts'
import type { NamedPlace } from '../../src/dashboard/places.ts'
import { serveDashboard } from '../../src/dashboard/serve.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { runCalls } from '../../src/systems/calls/job/run-calls.ts'
import { SYSTEMS } from '../../src/systems/index.ts'

const root = join(import.meta.dirname, '..', '..')
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's browser, or the one that CHROMIUM names; undefined where there is none. */
export const chromiumPath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
)

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath as string, args: FLAGS })
}

/** Builds the pages as the package does, into a folder of their own. */
export async function builtPages(): Promise<PageFile[]> {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-pages-'))
  try {
    await build({
      configFile: join(root, 'dashboard.config.ts'),
      logLevel: 'silent',
      build: { outDir: folder, emptyOutDir: true },
    })
    return pageFiles(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The files of a place that holds a log and an agents list. */
export function filesIn(store: FileStore) {
  const file = (name: string) => ({ store, name })
  return {
    calls: file('sample_calls.json'),
    agents: file('agents.csv'),
    output: file('cleaned_calls.parquet'),
    manifest: file('manifest.json'),
  }
}

export async function clean(store: FileStore) {
  return await runCalls(filesIn(store))
}

/** Serves the pages with the data of a place; `change` may put other files in the place of some. */
export async function serve(
  page: readonly PageFile[],
  store: FileStore,
  out: FileStore = folderStore('/nonexistent'),
  places?: () => Promise<readonly NamedPlace[]>,
  change: (data: DashboardData) => DashboardData = (data) => data,
) {
  const sources = { systems: SYSTEMS, values: { data: filesIn(store).output.name } }
  const data = await dashboardData(
    { ...sources, places: places ?? (async () => [{ id: '', out }]) },
    { ...nodeEffects(), openSource: () => store },
  )
  const errors: unknown[] = []
  const serving = await serveDashboard({ port: 0, page, data: change(data), onError: (error) => errors.push(error) })
  return { ...serving, errors }
}

/** A page that is watched: what it said, asked for and broke. */
export interface WatchedPage {
  readonly page: Page
  /** Console errors and warnings, uncaught errors, requests that failed or left this machine's own address. */
  readonly complaints: string[]
}

export async function watchedPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console ${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`))
  page.on('requestfailed', (request) => {
    // a test that goes to another address breaks off what the page was asking
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()}`)
  })
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol !== 'blob:' && origin !== new URL(address).origin) complaints.push(`outside: ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { page, complaints }
}

/** Opens a view and waits until the calls are drawn. */
export async function openCalls(page: Page, address: string, query = ''): Promise<void> {
  await page.goto(`${address}calls${query === '' ? '' : `?${query}`}`)
  await page.locator('html[data-ready=calls]').waitFor({ timeout: 60_000 })
}
