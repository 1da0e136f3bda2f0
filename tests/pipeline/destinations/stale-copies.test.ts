/** Copies that a run no longer publishes, and files that it never wrote. */
import { describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../../src/connect/index.ts'
import { collectGarbage, planRun, type RunOptions, readStatus, runPipeline } from '../../../src/pipeline/index.ts'
import { phoneJob, sourceOf, textOf, threeMonths } from '../phone-job.ts'

const all = () => sourceOf(threeMonths)
const run = (out: FileStore, options: RunOptions<typeof phoneJob.options> = {}) =>
  runPipeline(phoneJob, { data: all(), out, ...options })
const text = (content: string) => [new TextEncoder().encode(content)]

/** What people see of a place. */
async function copiesOf(out: FileStore): Promise<string[]> {
  return (await out.list('')).map(({ name }) => name).filter((name) => !name.startsWith('.support-etl/'))
}

/** The place as it is after a run that died when it had committed and published, and had removed nothing. */
async function killedBeforeRemoval(options: RunOptions): Promise<FileStore> {
  const out = memoryStore()
  await run(out)
  const mortal: FileStore = {
    ...out,
    remove: async (name) => {
      if (!name.startsWith('.support-etl/')) throw new Error('killed')
      await out.remove(name)
    },
  }
  await expect(run(mortal, options)).rejects.toThrow('killed')
  return out
}

describe('a run with another format, or fewer copies', () => {
  it.each<[RunOptions, string[], string[]]>([
    [
      { format: 'json' },
      ['call_report.json', 'calls.json', 'teams.json'],
      ['call_report.csv', 'calls.csv', 'teams.csv'],
    ],
    [{ publish: ['report'] }, ['call_report.csv'], ['calls.csv', 'teams.csv']],
    [{ publish: ['teams'], format: 'json' }, ['teams.json'], ['call_report.csv', 'calls.csv', 'teams.csv']],
  ])('removes the copies that it no longer publishes: %j', async (options, expected, removed) => {
    const out = memoryStore()
    await run(out)
    expect(await run(out, options)).toMatchObject({ status: 'committed', removed })
    expect(await copiesOf(out)).toEqual(expected)
    expect(await run(out)).toMatchObject({ status: 'nothing_to_do', removed: [] })
  })

  it('leaves a copy that somebody changed, and says so once', async () => {
    const out = memoryStore()
    await run(out)
    await out.write('teams.csv', text('mine\n'))
    const { notes, removed } = await run(out, { format: 'json' })
    expect(removed).toEqual(['call_report.csv', 'calls.csv'])
    expect(notes.filter(({ code }) => code === 'copy_changed')).toEqual([
      {
        code: 'copy_changed',
        severity: 'info',
        file: 'teams.csv',
        message: 'teams.csv: was changed after it was published; it stays, and is no longer kept up',
      },
    ])
    const later = await run(out, { format: 'parquet' })
    expect(later.notes.map(({ code }) => code)).not.toContain('copy_changed')
    expect(await textOf(out, 'teams.csv')).toBe('mine\n')
  })

  it('removes nothing that came after the run under a name of earlier times', async () => {
    const out = memoryStore()
    await run(out)
    await run(out, { format: 'json' })
    await out.write('calls.csv', text('mine\n'))
    expect(await run(out)).toMatchObject({ status: 'nothing_to_do' })
    await run(out, { timeZone: 'EST' })
    expect(await textOf(out, 'calls.csv')).toBe('mine\n')
  })

  it('killed before it removed them, leaves them to the next run, which has nothing else to do', async () => {
    const out = await killedBeforeRemoval({ format: 'json' })
    expect(await copiesOf(out)).toHaveLength(6)
    expect(await run(out)).toMatchObject({
      status: 'republished',
      commit: 2,
      removed: ['call_report.csv', 'calls.csv', 'teams.csv'],
    })
    expect(await copiesOf(out)).toEqual(['call_report.json', 'calls.json', 'teams.json'])
  })

  it('killed before it removed them, leaves them to a next run that commits as well', async () => {
    const out = await killedBeforeRemoval({ format: 'json' })
    expect(await run(out, { publish: ['report'] })).toMatchObject({
      commit: 3,
      removed: ['calls.json', 'teams.json', 'call_report.csv', 'calls.csv', 'teams.csv'],
    })
    expect(await copiesOf(out)).toEqual(['call_report.json'])
  })

  it('killed before it removed them, keeps those that the next run publishes again', async () => {
    const out = await killedBeforeRemoval({ format: 'json' })
    await run(out, { format: 'csv' })
    expect(await copiesOf(out)).toEqual(['call_report.csv', 'calls.csv', 'teams.csv'])
  })

  it('shows them in the status, and the garbage collection removes them', async () => {
    const out = await killedBeforeRemoval({ format: 'json', publish: ['report', 'calls'] })
    await out.write('calls.csv', text('mine\n'))
    expect((await readStatus({ out })).leftovers).toEqual(['call_report.csv', 'teams.csv'])
    const { copies } = await planRun(phoneJob, { data: all(), out })
    expect(copies).toEqual({ write: [], remove: ['call_report.csv', 'teams.csv'] })
    const { files, isRemoved } = await collectGarbage({ out, action: 'remove' })
    expect([files.map(({ name, reason }) => [name, reason]), isRemoved]).toEqual([
      [
        ['call_report.csv', 'stale'],
        ['teams.csv', 'stale'],
      ],
      true,
    ])
    expect(await copiesOf(out)).toEqual(['call_report.json', 'calls.csv', 'calls.json'])
    expect((await readStatus({ out })).leftovers).toEqual([])
  })
})

describe('a run into a place with files that have the names of copies', () => {
  it('refuses to overwrite what no run of the place wrote, and changes nothing', async () => {
    const out = memoryStore({ 'calls.csv': 'mine\n', 'notes.txt': 'also mine\n' })
    await expect(run(out)).rejects.toMatchObject({
      code: 'file_exists',
      message:
        'memory holds calls.csv, which no run of this place wrote and a copy would overwrite; move the file, or set out to use another place, or set publish to publish fewer copies',
    })
    expect((await out.list('')).map(({ name }) => name)).toEqual(['calls.csv', 'notes.txt'])
    expect(await textOf(out, 'calls.csv')).toBe('mine\n')
  })

  it('tells so in a plan', async () => {
    const out = memoryStore({ 'calls.csv': 'mine\n' })
    const { refusals } = await planRun(phoneJob, { data: all(), out })
    expect(refusals).toMatchObject([{ code: 'file_exists', files: ['calls.csv'] }])
  })

  it('takes no notice of files that it does not write', async () => {
    const out = memoryStore({ 'calls.csv': 'mine\n' })
    expect((await run(out, { publish: ['report'] })).status).toBe('committed')
    expect((await run(out, { format: 'json', publish: ['all'] })).status).toBe('committed')
    await expect(run(out, { format: 'csv' })).rejects.toMatchObject({ code: 'file_exists' })
    expect(await textOf(out, 'calls.csv')).toBe('mine\n')
  })

  it('refuses to overwrite a copy that was changed and is no longer kept up', async () => {
    const out = memoryStore()
    await run(out)
    await out.write('calls.csv', text('mine\n'))
    await run(out, { format: 'json' })
    await expect(run(out, { format: 'csv' })).rejects.toMatchObject({ code: 'file_exists' })
    expect(await textOf(out, 'calls.csv')).toBe('mine\n')
  })

  it('refuses nothing where the first run of another process published meanwhile', async () => {
    const out = memoryStore()
    let isFirst = true
    const slow: FileStore = {
      ...out,
      // the log was read as empty when the other run commits and publishes
      list: async (prefix) => {
        const found = await out.list(prefix)
        if (isFirst && prefix === '.support-etl/log/') {
          isFirst = false
          await run(out)
        }
        return found
      },
    }
    expect((await run(slow)).status).toBe('nothing_to_do')
  })
})
