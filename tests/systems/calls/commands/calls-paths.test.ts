/** What a stranger gives wrong on the command line: each is refused with one message, and nothing is lost or made. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { supportEtl } from '../../../cli/command-line.ts'
import { commandLine, line, temporaryFolder } from '../places.ts'

const NAMES = { calls: 'calls.json', agents: 'agents.csv', output: 'calls.parquet', manifest: 'manifest.json' }
type Name = keyof typeof NAMES | 'rejects'

/** A folder with a log, an agents list and the published calls. */
async function scene() {
  const folder = temporaryFolder()
  const path = (name: string) => join(folder, name)
  writeFileSync(path('calls.json'), line({ call_id: 'c1' }))
  writeFileSync(path('agents.csv'), 'agent_id,name,region\nA1,Ada,North\n')
  mkdirSync(path('folder'))
  writeFileSync(path('folder/kept.txt'), 'kept')
  const clean = (changed: Partial<Record<Name, string>> = {}, ...flags: string[]) => {
    const own = Object.fromEntries(Object.entries(NAMES).map(([name, file]) => [name, path(file)]))
    const options = Object.entries({ ...own, ...changed }).flatMap(([name, file]) => [`--${name}`, file])
    return commandLine('calls', 'clean', ...options, ...flags)
  }
  expect((await clean()).status).toBe(0)
  const content = () =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.[a-z]+$/.test(name) && existsSync(path(name)) && !name.startsWith('.'))
        .map((name) => [name, readFileSync(path(name), 'latin1')]),
    )
  return { folder, path, clean, content }
}

const ALL: readonly Name[] = ['calls', 'agents', 'output', 'manifest', 'rejects']

describe('support-etl calls clean, given what is no file', () => {
  it.each(ALL)('refuses a folder as --%s', async (name) => {
    const { path, clean, content } = await scene()
    writeFileSync(path('calls.json'), line({ call_id: 'c2' }))
    const before = content()
    const { status, stderr } = await clean({ [name]: path('folder') })
    expect([status, stderr]).toEqual([2, expect.stringMatching(/folder:? is a folder, expected a file/)])
    expect(content()).toEqual(before)
    const slash = await clean({ [name]: `${path('folder')}/` })
    expect([slash.status, slash.stderr]).toEqual([
      2,
      expect.stringContaining(`--${name} "${path('folder')}/" names no file`),
    ])
  })

  it.each(['calls', 'agents'])('refuses a missing file as --%s', async (name) => {
    const { path, clean, content } = await scene()
    const before = content()
    const { status, stderr } = await clean({ [name]: path('nope') })
    expect([status, stderr]).toEqual([1, expect.stringContaining('nope: does not exist')])
    expect(stderr).toContain('support-etl calls generate')
    expect(content()).toEqual(before)
  })

  it('refuses what lies below a file', async () => {
    const { path, clean, content } = await scene()
    const before = content()
    const { status, stderr } = await clean({ output: path('agents.csv/out.parquet'), manifest: path('m.json') })
    expect([status, stderr]).toEqual([1, expect.stringContaining('agents.csv')])
    expect(content()).toEqual(before)
  })

  it('makes the folder of an output, and no file in it for a log that is refused', async () => {
    const { path, clean } = await scene()
    writeFileSync(path('bad.json'), '{"call_id"\n'.repeat(9))
    const files = { output: path('new/deep/calls.parquet'), manifest: path('new/manifest.json') }
    expect((await clean({ ...files, calls: path('bad.json') })).status).toBe(3)
    const made = readdirSync(path('new'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(made).toEqual([])
    expect((await clean(files)).status).toBe(0)
    expect(readdirSync(path('new')).sort()).toEqual(['deep', 'manifest.json'])
  })

  it.each([
    ['output', 'calls'],
    ['output', 'agents'],
    ['manifest', 'output'],
    ['rejects', 'calls'],
    ['rejects', 'manifest'],
  ] as const)('refuses one file as --%s and --%s, however it is spelt', async (name, other) => {
    const { folder, path, clean, content } = await scene()
    const before = content()
    symlinkSync(folder, path('linked'))
    for (const spelt of [path(NAMES[other]), path(`folder/../${NAMES[other]}`), path(`linked/${NAMES[other]}`)]) {
      const { status, stderr } = await clean({ [name]: spelt })
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(/--\w+ and --\w+ are the same file, .+ would be lost/),
      ])
      expect(stderr).toContain(`--${name}`)
    }
    expect(content()).toMatchObject(before)
  })

  it('leaves the manifest of another curated file, and makes a damaged one anew', async () => {
    const { path, clean, content } = await scene()
    const before = content()
    const { status, stderr } = await clean({ output: path('other.parquet') })
    expect([status, stderr]).toEqual([2, expect.stringContaining('name another file as the manifest')])
    expect(content()).toEqual(before)
    expect((await clean({ output: path('other.parquet'), manifest: path('other.json') })).status).toBe(0)
    writeFileSync(path('manifest.json'), '{"path":')
    expect((await clean()).status).toBe(0)
    expect(JSON.parse(readFileSync(path('manifest.json'), 'utf8')).row_count).toBe(1)
  })

  it('adds no calls to what is no curated file', async () => {
    const { path, clean } = await scene()
    rmSync(path('.support-etl'), { recursive: true })
    writeFileSync(path('calls.parquet'), 'PAR1 and nothing more')
    const { status, stderr } = await clean({}, '--append')
    expect([status, stderr]).toEqual([3, expect.stringContaining('restore it, or clean all logs into a new one')])
    expect(readFileSync(path('calls.parquet'), 'utf8')).toBe('PAR1 and nothing more')
  })

  it('writes a curated file again that was damaged, from its ledger', async () => {
    const { path, clean, content } = await scene()
    const before = content()['calls.parquet']
    writeFileSync(path('calls.parquet'), 'PAR1 and nothing more')
    expect((await clean({}, '--append')).status).toBe(0)
    expect(content()['calls.parquet']).toBe(before)
  })
})

describe('an address that is no place', () => {
  const ADDRESSES = ['gs://bucket/x', 'https://u:secret@host/x', 's3:/bucket/x', 'S3://bucket/x', 'file:///tmp/x']
  const NO_FILES = [
    's3://bucket',
    's3://bucket/',
    's3://bucket/folder/',
    's3://bucket/x?sig=secret',
    's3://u:secret@b/x',
  ]

  it.each([...ADDRESSES, ...NO_FILES])('is refused by name, and makes no folder: %s', (address) => {
    const cwd = temporaryFolder()
    // one child for one address: nothing may be made in its own folder
    const { status, stderr } = supportEtl(['calls', 'clean', '--output', address], { cwd })
    expect([status, readdirSync(cwd)]).toEqual([2, []])
    expect(stderr).toContain('s3://bucket/folder')
    expect(stderr).not.toContain('secret')
    if (ADDRESSES.includes(address))
      expect(stderr).toContain(`--output names a place of the kind ${address.split('/')[0]}`)
  })

  it.each([
    ...ALL.map((name) => ['calls', 'clean', `--${name}`]),
    ['calls', 'summary', '--data'],
    ['calls', 'generate', '--out'],
    ['dashboard', '--data'],
    ['dashboard', '--manifest'],
    ['dashboard', '--out'],
    ['dashboard', '--export'],
  ])('is refused by %s %s %s', async (...words) => {
    const { status, stderr } = await commandLine(...words, 'gs://bucket/x')
    expect([status, stderr]).toEqual([2, expect.stringContaining(words.at(-1) as string)])
    expect(existsSync('gs:')).toBe(false)
  })

  it('is a bucket for what only a folder can be', async () => {
    const { status, stderr } = await commandLine('dashboard', '--export', 's3://bucket/site')
    expect([status, stderr]).toEqual([2, expect.stringContaining('--export writes a folder of this machine only')])
  })
})

describe('a curated file that is not there', () => {
  it('is told before a dashboard is exported, and a folder is refused', async () => {
    const folder = temporaryFolder()
    const { stderr } = await commandLine(
      'dashboard',
      '--data',
      join(folder, 'nope.parquet'),
      '--export',
      join(folder, 'site'),
    )
    expect(stderr).toMatch(/no curated calls at .*nope\.parquet: make them with/)
    const refused = await commandLine('dashboard', '--data', folder)
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('is a folder, expected a file')])
  })
})
