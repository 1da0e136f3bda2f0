import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kit } from '../../src/cli/kit.ts'
import type { Terminal } from '../../src/terminal/terminal.ts'
import { emptyFolder } from './command-line.ts'

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
