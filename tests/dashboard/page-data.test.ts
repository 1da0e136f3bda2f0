import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../src/connect/file-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { committedPlace } from '../../src/dashboard/committed-place.ts'
import { dashboardData } from '../../src/dashboard/data.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { jsonFile, namedFiles, onceACommit } from '../../src/systems/page-data.ts'
import type { CommittedPlace, System } from '../../src/systems/system.ts'
import { FILES, workshopJob } from '../systems/workshop/job.ts'

const effects = nodeEffects()
const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : new TextDecoder().decode(bytes))

async function workshop(out: FileStore = memoryStore(), files: Readonly<Record<string, string>> = FILES) {
  await runPipeline(workshopJob, { data: memoryStore(files), out })
  return out
}

async function broken(): Promise<FileStore> {
  const out = await workshop()
  for (const { name } of await out.list('.support-etl/log/')) await out.write(name, [new TextEncoder().encode('{')])
  return out
}

/** A system whose page reads its job's commit, a file of its flag's place, and one file for each hall. */
const system: System = {
  name: 'workshop',
  title: 'Workshop',
  jobs: async () => [workshopJob as never],
  pages: {
    options: [{ flags: '--notes <file>', help: 'what people wrote' }],
    load:
      async () =>
      ({ effects: { openSource }, values, placeOf }) => {
        const find = () => placeOf(workshopJob)
        const fixed = namedFiles({
          'data/workshop-commit.json': jsonFile(async () => (await find())?.commit ?? null),
          'data/workshop/notes.txt': async () => {
            for await (const bytes of openSource('').read(values.notes ?? '')) return bytes.slice()
            return null
          },
        })
        const halls = ['H1', 'H2']
        const hall = /^data\/workshop\/(H\d)\.json$/
        return {
          async read(file) {
            const [, id] = hall.exec(file) ?? []
            return id !== undefined && halls.includes(id) ? jsonFile(async () => ({ id }))() : fixed.read(file)
          },
          files: async () => [...(await fixed.files()), ...halls.map((id) => `data/workshop/${id}.json`)],
          missing: async () => ((await find()) === null ? 'the workshop has no commit' : null),
        }
      },
  },
}

describe('dashboardData', () => {
  const open = (systems: readonly System[], out: FileStore) => {
    const notes = memoryStore({ 'notes.txt': 'all well' })
    const sources = { systems, values: { notes: 'notes.txt' }, places: async () => [{ id: '', out }] }
    return dashboardData(sources, { ...effects, openSource: () => notes })
  }

  it('serves and exports what a system says of itself, and nothing else', async () => {
    const data = await open([system], await workshop())
    expect(textOf(await data.read('data/workshop-commit.json'))).toBe('1\n')
    expect(textOf(await data.read('data/workshop/notes.txt'))).toBe('all well')
    expect(textOf(await data.read('data/workshop/H2.json'))).toBe('{"id":"H2"}\n')
    for (const name of ['data/workshop/H3.json', 'data/workshop/', 'toString', '__proto__', 'data/other.json']) {
      expect(await data.read(name), name).toBeNull()
    }
    const exported: string[] = []
    for await (const [name] of data.exported()) exported.push(name)
    expect(exported).toEqual([
      'data/workshop-commit.json',
      'data/workshop/notes.txt',
      'data/workshop/H1.json',
      'data/workshop/H2.json',
      'data/tables/machines_by_hall.parquet',
      'data/places.json',
    ])
    expect(await data.missing()).toEqual([])
  })

  it('exports the tables that are named beside the outputs, and lists no others', async () => {
    const data = await open([], await workshop())
    expect(await data.tableNames()).toEqual(['machines', 'halls', 'repairs'])
    const site = new Map<string, Uint8Array>()
    for await (const [name, bytes] of data.exported(['halls'])) site.set(name, bytes)
    expect([...site.keys()]).toEqual([
      'data/tables/machines_by_hall.parquet',
      'data/tables/halls.parquet',
      'data/places.json',
    ])
    const places = JSON.parse(textOf(site.get('data/places.json') ?? null) ?? '') as { tables: { name: string }[] }[]
    expect(places[0]?.tables.map(({ name }) => name)).toEqual(['machines_by_hall', 'halls'])
  })

  it('says what is missing, and serves a system without pages of its own', async () => {
    expect(await (await open([system], memoryStore())).missing()).toEqual(['the workshop has no commit'])
    const { pages: _, ...plain } = system
    const data = await open([plain], await workshop())
    expect(await data.missing()).toEqual([])
    expect(await data.read('data/workshop-commit.json')).toBeNull()
    expect(textOf(await data.read('data/places.json'))).toContain('"job":"workshop"')
  })
})

describe('committedPlace', () => {
  const find = (places: Readonly<Record<string, FileStore>>, name = 'workshop') =>
    committedPlace({ name }, async () => Object.entries(places).map(([id, out]) => ({ id, out })), effects)

  it('is the first place whose last commit the job made', async () => {
    const [first, second] = [await workshop(), await workshop()]
    const found = await find({ '': memoryStore(), first, second })
    expect(found).toMatchObject({ id: 'first', out: first, commit: 1, quarantined: 0 })
    expect(found?.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(found?.committedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(await find({ first, second }, 'other')).toBeNull()
    expect(await find({})).toBeNull()
  })

  it('is found beside a log that cannot be read, which is an error only where it may be the one', async () => {
    const [damaged, whole] = [await broken(), await workshop()]
    expect(await find({ damaged, whole })).toMatchObject({ id: 'whole' })
    await expect(find({ damaged })).rejects.toMatchObject({ code: 'log_damaged' })
  })
})

describe('onceACommit', () => {
  it('makes something once a commit, at once for requests at the same time, and again after a failure', async () => {
    const out = await workshop()
    let made = 0
    let isFailing = true
    const find = () => committedPlace(workshopJob, async () => [{ id: '', out }], effects)
    const shown = onceACommit(find, async ({ commit }: CommittedPlace) => {
      made++
      if (isFailing) throw new Error('the disk is away')
      return `commit ${commit}`
    })
    await expect(shown()).rejects.toThrow('the disk is away')
    isFailing = false
    expect(await Promise.all([shown(), shown()])).toEqual(['commit 1', 'commit 1'])
    expect([await shown(), made]).toEqual(['commit 1', 2])
    await workshop(out, { ...FILES, 'halls.csv': 'hall_id;hall_name\nH1;North\nH2;West\n' })
    expect([await shown(), made]).toEqual(['commit 2', 3])
  })

  it('is null before there is a commit', async () => {
    const shown = onceACommit(
      async () => null,
      async () => 'made',
    )
    expect(await shown()).toBeNull()
  })
})
