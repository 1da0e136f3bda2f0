import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kit } from '../../src/cli/kit.ts'
import type { Terminal } from '../../src/terminal/terminal.ts'
import { emptyFolder } from './command-line.ts'
import { saidIn } from './said.ts'

/** What the command prints. */
async function printed(values: Parameters<typeof kit>[0]): Promise<string> {
  const chunks: string[] = []
  const terminal = {
    print: async (chunk: string) => void chunks.push(chunk),
    fit: (text: string) => text,
  } as unknown as Terminal
  await kit(values, terminal)
  return chunks.join('')
}

describe('support-etl kit', () => {
  it('lists the files of a kit in order, with what became of each', async () => {
    const place = emptyFolder()
    const folder = join(place, 'new')
    const copy = async (...more: string[]) => {
      const text = await saidIn(place)('kit', folder, '--for', 'transcripts', ...more)
      // the title of a column is as wide as the name of the folder, and the files of a kit change
      return text
        .replace(/ {2,}bytes *\n-+.*/, '  bytes')
        .replaceAll(/ {2,}[\d,]+ {2}(copied|unchanged)/g, '  SIZE  $1')
    }
    expect(await copy()).toMatchInlineSnapshot(`
      "file in FOLDER/new  bytes
      .env.example  SIZE  copied
      Containerfile  SIZE  copied
      README.md  SIZE  copied
      compose.yaml  SIZE  copied
      dags/call_pipeline_minutely.py  SIZE  copied

      5 files copied

      README.md says what each is for and how it is run
      --- status 0
      "
    `)
    const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(names.map(({ name }) => name)).toContain('README.md')
    rmSync(join(folder, 'README.md'))
    expect(await copy()).toMatchInlineSnapshot(`
      "file in FOLDER/new  bytes
      .env.example  SIZE  unchanged
      Containerfile  SIZE  unchanged
      README.md  SIZE  copied
      compose.yaml  SIZE  unchanged
      dags/call_pipeline_minutely.py  SIZE  unchanged

      1 file copied

      README.md says what each is for and how it is run
      --- status 0
      "
    `)
    const json = JSON.parse((await copy('--json')).split('--- status')[0] ?? '')
    expect(json).toMatchObject({ kit: 'transcripts', folder: 'FOLDER/new' })
    expect(json.files).toContainEqual({
      name: 'README.md',
      bytes: readFileSync(join(folder, 'README.md')).length,
      status: 'unchanged',
    })
    expect(json.files).toHaveLength(names.length)
  })

  it('refuses what is missing, with the words to type', async () => {
    const said = saidIn(emptyFolder())
    expect(await said('kit')).toMatchInlineSnapshot(`
      "--- stderr
      error: name the folder to copy into, such as: kit my-folder --for transcripts
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await said('kit', 'x')).toMatchInlineSnapshot(`
      "--- stderr
      error: --for: there are "calls", "complaints", "interactions", "transcripts"
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await said('kit', 's3://bucket/x', '--for', 'transcripts')).toMatchInlineSnapshot(`
      "--- stderr
      error: a kit is copied into a folder of this machine, and not to an address
        code      path_invalid (support-etl errors path_invalid)
      --- status 2
      "
    `)
  })

  it('copies a kit, says what it copied, and leaves equal files alone', async () => {
    const folder = join(emptyFolder(), 'new')
    const text = await printed({ folder, for: 'transcripts' })
    expect(text).toMatch(/^dags\/call_pipeline_minutely\.py +[\d,]+ +copied$/m)
    expect(text).toMatch(/\n5 files copied\n\nREADME\.md says what each is for/)
    expect(await printed({ folder, for: 'transcripts' })).toContain('\n0 files copied\n')
  })

  it('copies nothing where a file is there with other content', async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'dags'))
    writeFileSync(join(folder, 'dags', 'call_pipeline_minutely.py'), 'mine')
    await expect(printed({ folder, for: 'transcripts' })).rejects.toThrow(
      /has a dags\/call_pipeline_minutely\.py with other content; nothing was copied/,
    )
    expect([readdirSync(folder), existsSync(join(folder, 'README.md'))]).toEqual([['dags'], false])
  })

  it('says which kits there are, and refuses addresses', async () => {
    const refused = (values: Parameters<typeof kit>[0]) => printed(values).catch((error: Error) => error.message)
    expect(await refused({ folder: 'x' })).toMatch(/^--for: there (are|is) .*"transcripts"/)
    expect(await refused({ folder: 'x', for: 'transcript' })).toBe(
      '--for: there is no kit "transcript": did you mean "transcripts"?',
    )
    expect(await refused({})).toMatch(/^name the folder to copy into/)
    expect(await refused({ folder: 's3://bucket/x', for: 'transcripts' })).toMatch(/folder of this machine/)
  })
})
