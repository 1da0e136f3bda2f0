/** Which places and tables `dashboard --export` refuses, and what it says of them. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderStore, memoryStore } from '../../src/connect/index.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { FILES, workshopJob } from '../systems/workshop/job.ts'
import { emptyFolder } from './command-line.ts'
import { saidIn } from './said.ts'

const REFUSAL = 'error: --export writes a folder of this machine only; write one and upload it with content types\n'

/** Exports where there are no calls and no state. */
function exported(site: string): Promise<string> {
  const folder = emptyFolder()
  const places = ['--data', join(folder, 'calls.parquet'), '--out', join(folder, 'output')]
  return saidIn(folder)('dashboard', ...places, '--export', site.replace('FOLDER', folder))
}

describe('dashboard --export', () => {
  it.each(['gs://bucket/site', 's3://bucket/site', 's3:/bucket/site', 'GIT+ssh://x', 'x1.y-z:/a'])(
    'refuses %s before it reads anything',
    async (site) => {
      const told = await exported(site)
      expect(told).toBe(
        `--- stderr\n${REFUSAL}  code      path_invalid (support-etl errors path_invalid)\n--- status 2\n`,
      )
    },
  )

  it('takes a folder of this machine whose name has a colon', async () => {
    const told = await exported('FOLDER/a:b')
    expect(told).toContain('warning: no curated calls at FOLDER/calls.parquet: make them with')
    expect(told).not.toContain(REFUSAL)
  })
})

describe('dashboard --port', () => {
  it.each([
    ['65536', 'a port, at most 65535'],
    ['x', 'a whole number'],
    ['-1', 'a whole number'],
  ])('refuses %s', async (port, expected) => {
    expect(await saidIn(emptyFolder())('dashboard', `--port=${port}`)).toBe(
      `--- stderr\nerror: --port "${port}": expected ${expected}\n  code      invalid_option (support-etl errors invalid_option)\n--- status 2\n`,
    )
  })
})

describe('dashboard --tables', () => {
  const refusal = (list: string, expected: string) =>
    `--- stderr\nerror: --tables "${list}": expected ${expected}\n  code      invalid_option (support-etl errors invalid_option)\n--- status 2\n`

  async function told(...args: readonly string[]): Promise<string> {
    const folder = emptyFolder()
    const out = folderStore(join(folder, 'output'))
    await runPipeline(workshopJob, { data: memoryStore(FILES), out })
    const all = await saidIn(folder)('dashboard', '--out', join(folder, 'output'), ...args)
    // the calls that are not there
    return all.replace(/^warning: .*\n(?: +.*\n)*/gm, '')
  }

  it('needs a site to write', async () => {
    const expected = '--export beside it; the dashboard of this machine shows all tables'
    expect(await told('--tables', 'halls')).toBe(refusal('halls', expected))
  })

  it('says that there is no table where there is no state', async () => {
    const folder = emptyFolder()
    const out = join(folder, 'outptu')
    const said = await saidIn(folder)('dashboard', '--out', out, '--export', join(folder, 'site'), '--tables', 'halls')
    expect(said).toContain('warning: there is no folder FOLDER/outptu: --out names the folder in which jobs keep their')
    expect(said).toContain('error: --tables "halls": expected a table, and there is none\n')
  })

  it('names the tables that there are', async () => {
    for (const list of ['hall', 'halls,', 'machines_by_hall', '__proto__']) {
      const expected = 'all, or tables out of machines, halls, repairs'
      expect(await told('--export', 'site', '--tables', list)).toBe(refusal(list, expected))
    }
  })
})
