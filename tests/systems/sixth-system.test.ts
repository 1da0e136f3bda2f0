/** A copy of the sources with one more system: its own folder, and its place in `systems/index.ts`. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, NODE_OPTIONS } from '../cli/command-line.ts'
import { FILES } from './workshop/job.ts'

const root = join(import.meta.dirname, '..', '..')

const SYSTEM = `import type { System } from '../system.ts'

export const workshop: System = {
  name: 'workshop',
  title: 'Workshop',
  summary: 'list its halls',
  jobs: async () => [(await import('./job.ts')).workshopJob],
  commands: [
    {
      name: 'workshop halls',
      summary: 'the halls, and how many machines each has',
      description: 'Prints the halls of the committed state.',
      options: [{ flags: '--out <folder>', help: 'folder with the committed state', preset: 'output/workshop' }],
      examples: [['workshop halls', 'of output/workshop']],
      load: async () => (await import('./halls.ts')).halls,
    },
  ],
  pages: { load: async () => (await import('./routes/page-data.ts')).workshopPageData },
}
`
const COMMAND = `import { readState } from '../../pipeline/state/committed-state.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import { frameTable } from '../../terminal/text/rows.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { workshopJob } from './job.ts'

export async function halls({ out }: { readonly out: string }, terminal: Terminal): Promise<ExitCode> {
  const state = await readState(workshopJob, { out })
  for (const chunk of frameTable(await state.loadOutput('machines_by_hall'))) await terminal.print(chunk)
  return EXIT.done
}
`

const PAGE_DATA = `import { jsonFile, namedFiles } from '../../page-data.ts'
import type { PageSources } from '../../system.ts'
import { workshopJob } from '../job.ts'

export function workshopPageData({ placeOf }: PageSources) {
  return namedFiles({ 'data/workshop.json': jsonFile(async () => (await placeOf(workshopJob))?.commit ?? null) })
}
`

let folder = ''

function command(...args: string[]): Ended {
  const main = join(folder, 'src', 'cli', 'main.ts')
  const env = { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '', NODE_DISABLE_COMPILE_CACHE: '1' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [...NODE_OPTIONS, main, ...args], {
    ...{ cwd: folder, encoding: 'utf8', env },
  })
  return { status, stdout, stderr }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'support-etl-sixth-'))
  cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true })
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  // its folder
  const own = join(folder, 'src', 'systems', 'workshop')
  mkdirSync(own)
  cpSync(join(import.meta.dirname, 'workshop', 'job.ts'), join(own, 'job.ts'))
  writeFileSync(join(own, 'system.ts'), SYSTEM)
  writeFileSync(join(own, 'halls.ts'), COMMAND)
  mkdirSync(join(own, 'routes'))
  writeFileSync(join(own, 'routes', 'page-data.ts'), PAGE_DATA)
  // stands for the built pages: what is looked at is their data
  mkdirSync(join(folder, 'dist', 'dashboard'), { recursive: true })
  writeFileSync(join(folder, 'dist', 'dashboard', 'index.html'), '<!doctype html>')
  // its place in the list
  const index = join(folder, 'src', 'systems', 'index.ts')
  const list = readFileSync(index, 'utf8').replace(/(SYSTEMS[^=]*= \[[^\]]*)\]/, '$1, workshop]')
  writeFileSync(index, `import { workshop } from './workshop/system.ts'\n${list}`)
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, 'data', name)), { recursive: true })
    writeFileSync(join(folder, 'data', name), text)
  }
}, 60_000)

afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
})

describe('one more system', () => {
  it('is run by its name, into a place of its own', () => {
    const { status, stdout, stderr } = command('run', '--job', 'workshop')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('committed version 1 to output/workshop\n')
  })

  it('is found by the log of a place', () => {
    const { stdout } = command('status', '--out', 'output/workshop')
    expect(stdout).toContain('job workshop; lenient; 4 copies as csv\n')
    expect(stdout).toContain('\npending in data: nothing\n')
    expect(command('run', '--out', 'output/workshop').stdout).toMatch(
      /^nothing to do: output\/workshop is at version 1/,
    )
  })

  it('has its own commands, in the help as well', () => {
    expect(command('workshop', 'halls').stdout).toBe(
      'hall_name  machines  repairs\n---------  --------  -------\nNorth             1        2\nSouth             1        1\n',
    )
    expect(command('--help').stdout).toMatch(/\n {2}workshop +list its halls\n/)
  })

  it('has the data of its page in an exported dashboard, beside that of the others', () => {
    const { status, stdout } = command('dashboard', '--export', 'site', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout).files).toEqual(
      expect.arrayContaining([
        'data/workshop.json',
        'data/support.json',
        'data/tables/workshop/machines_by_hall.parquet',
      ]),
    )
    expect(readFileSync(join(folder, 'site', 'data', 'workshop.json'), 'utf8')).toBe('1\n')
  })

  it('leaves the first job where it was', () => {
    expect(command('run', '--help').stdout.replace(/\s+/g, ' ')).toContain('Options of job support:')
  })
})
