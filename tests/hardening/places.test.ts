/** Names and links that lead out of a place lead nowhere. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderStore, memoryStore } from '../../src/connect/index.ts'
import { extractsAndDeltas, type Job, runPipeline } from '../../src/pipeline/index.ts'
import { filesOf, phoneJob, sourceOf, teams } from '../pipeline/phone-job.ts'

const base = mkdtempSync(join(tmpdir(), 'support-etl-places-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
let places = 0
const newFolder = () => join(base, `place-${++places}`)

function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

describe('a run', () => {
  it.for(['../escape', '/etc/escape', 'a/../../escape', 'a\\..\\escape', 'a\0b', 'a\u001b[2Jb'])(
    'writes nothing under the table or output name %j',
    async (name, { task }) => {
      const folder = newFolder()
      const tables = { [name]: { contract: { ...teams, name }, source: extractsAndDeltas() } }
      const table: Job = { ...phoneJob, outputs: {}, rollups: {}, tables }
      const output: Job = {
        ...phoneJob,
        outputs: { [name]: Object.values(phoneJob.outputs)[0] as Job['outputs'][string] },
      }
      for (const job of [table, output]) {
        const data = memoryStore({
          ...filesOf({}),
          [`initial/${name.replace(/[^a-z]/g, '')}.csv`]: 'team_id,team_name\n',
        })
        await expect(runPipeline(job, { data, out: folderStore(folder) })).rejects.toMatchObject({
          code: 'invalid_option',
        })
        expect(existsSync(join(folder, '.support-etl', 'log'))).toBe(false)
      }
      expect(readdirSync(base).filter((entry) => entry.includes('escape'))).toEqual([])
      task.meta.figures = { 'names that lead out, refused': 1 }
    },
  )

  it('reads no file and no folder that a link leads out to', async () => {
    const [folder, outside] = [newFolder(), newFolder()]
    put(outside, filesOf({}))
    put(folder, { 'initial/teams.csv': 'team_id,team_name\nt1,Red\n' })
    symlinkSync(join(outside, 'initial', 'calls.csv'), join(folder, 'initial', 'calls.csv'))
    await expect(runPipeline(phoneJob, { data: folder, out: memoryStore() })).rejects.toMatchObject({
      code: 'path_invalid',
    })
    rmSync(join(folder, 'initial'), { recursive: true })
    symlinkSync(join(outside, 'initial'), join(folder, 'initial'))
    await expect(runPipeline(phoneJob, { data: folder, out: memoryStore() })).rejects.toMatchObject({
      code: 'path_invalid',
    })
  })

  it('writes through no link that leads out of its folder', async () => {
    const [folder, outside] = [newFolder(), newFolder()]
    mkdirSync(outside)
    mkdirSync(folder)
    symlinkSync(outside, join(folder, '.support-etl'))
    await expect(runPipeline(phoneJob, { data: sourceOf(), out: folder })).rejects.toMatchObject({
      code: 'path_invalid',
    })
    expect(readdirSync(outside)).toEqual([])
  })

  it('replaces a link by its copy instead of writing to what the link names', async () => {
    const [folder, outside] = [newFolder(), newFolder()]
    put(outside, { 'precious.csv': 'mine' })
    mkdirSync(folder)
    symlinkSync(join(outside, 'precious.csv'), join(folder, 'calls.csv'))
    await runPipeline(phoneJob, { data: sourceOf(), out: folder }).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'path_invalid' })
    })
    expect(readdirSync(outside)).toEqual(['precious.csv'])
    expect(readFileSync(join(outside, 'precious.csv'), 'utf8')).toBe('mine')
  })
})
