/** A disk that is really full: a small one in memory, for whoever may mount it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderStore } from '../../src/connect/index.ts'
import { readState, readStatus, runPipeline, verifyState } from '../../src/pipeline/index.ts'
import { NODE_OPTIONS } from '../cli/command-line.ts'
import { contentOf, filesOf, phoneJob, stateFolder, testFolders, threeMonths } from './phone-job.ts'

const PAGE = 4096
const PAGES = 256
const folders = testFolders('full-disk')
const disk = mkdtempSync(join(tmpdir(), 'support-etl-disk-'))
const isMounted =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${PAGE * PAGES}`, 'tmpfs', disk]).status === 0
afterAll(() => {
  folders.remove()
  if (isMounted) spawnSync('umount', [disk])
  rmdirSync(disk)
})

/** Fills the disk but for so many pages. */
function leave(pages: number): void {
  const filler = join(disk, 'filler')
  rmSync(filler, { force: true })
  const free = Number(spawnSync('stat', ['-f', '-c', '%a', disk], { encoding: 'utf8' }).stdout)
  // the filler's own name takes nothing on a tmpfs
  writeFileSync(filler, new Uint8Array(Math.max(0, free - pages) * PAGE))
}

async function copiesOf(out: string) {
  const content = await contentOf(stateFolder(out))
  return Object.fromEntries(Object.entries(content).filter(([name]) => !name.startsWith('.support-etl/')))
}

async function sourceFolder(): Promise<string> {
  const data = folders.next()
  const many = Array.from({ length: 2000 }, (_, at) => `m${at},2025-04-01T10:00Z,t1,${at % 60},add`)
  const files = filesOf({ ...threeMonths, 'calls 2025-04': many })
  for (const [name, text] of Object.entries(files)) await folderStore(data).write(name, [Buffer.from(text)])
  return data
}

describe.skipIf(!isMounted)('a disk of 1 MiB (needs the right to mount one)', () => {
  it('that is full stops a run with disk_full and leaves the version before; with room, the next run ends as a clean one', async ({
    task,
  }) => {
    const [data, clean, out] = [await sourceFolder(), folders.next(), join(disk, 'out')]
    await runPipeline(phoneJob, { data, out: clean })
    await runPipeline(phoneJob, { data, out, months: ['2025-02'] })
    const script = join(import.meta.dirname, 'child-run.ts')
    const [refused, before] = [{ runs: 0, processes: 0, copies: 0 }, await copiesOf(out)]
    for (let pages = 0; ; pages++) {
      expect(pages).toBeLessThan(PAGES)
      leave(pages)
      if (pages % 10 === 0) {
        const child = spawnSync(process.execPath, [...NODE_OPTIONS, script, data, out], { encoding: 'utf8' })
        if (child.status === 0) break
        expect([child.status, child.stderr]).toEqual([1, expect.stringMatching(/^disk_full: /)])
        refused.processes += 1
      }
      const error = await runPipeline(phoneJob, { data, out }).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      if (error === null) break
      expect(error).toMatchObject({ name: 'ConnectError', code: 'disk_full' })
      refused.runs += 1
      const { commit } = await readStatus({ out })
      // committed, and no room for the last copies: the next run writes them
      if (commit === 2) refused.copies += 1
      else expect(await copiesOf(out)).toEqual(before)
      await (await readState(phoneJob, { out })).loadOutput('call_report')
      expect((await verifyState(phoneJob, { out })).damages.filter(({ kind }) => kind === 'data')).toEqual([])
    }
    expect(refused.runs).toBeGreaterThan(10)
    expect(await copiesOf(out)).toEqual(await copiesOf(clean))
    expect((await verifyState(phoneJob, { out })).damages).toEqual([])
    task.meta.figures = {
      'runs on a full disk, each with less of it full': refused.runs,
      'of them in a process of their own': refused.processes,
      'of them stopped between the commit and its last copy': refused.copies,
    }
  }, 120_000)
})
