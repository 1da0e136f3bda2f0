import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder, supportEtlHere as supportEtl } from '../../../cli/command-line.ts'
import { replay, sourceFiles } from '../reference.ts'

describe('support-etl generate', () => {
  it('makes a full extract and deltas, and lists the files', async () => {
    const out = emptyFolder()
    const { status, stdout, stderr } = await supportEtl(['generate', '--interactions', '1_000', '--out', out])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/delta\/interactions_delta_202503\.csv +12,\d{3}\n/)
    expect(replay(sourceFiles(out)).tables.interactions.size).toBe(1000 + 60 + 10 + 60 - 20 + 10)
  })

  it('makes the same bytes from the same seed, and says for machines what it made', async () => {
    const made: ReturnType<typeof sourceFiles>[] = []
    for (const seed of [1, 1, 2]) {
      const out = emptyFolder()
      const { stdout } = await supportEtl([
        'generate',
        '--interactions',
        '200',
        '--out',
        out,
        '--seed',
        `${seed}`,
        '--deltas',
        '3',
        '--json',
      ])
      const { files } = JSON.parse(stdout) as { files: { name: string; size: number }[] }
      expect(files.map(({ name }) => name).sort()).toEqual([...sourceFiles(out).keys()].sort())
      for (const { name, size } of files) expect(readFileSync(join(out, name)).length).toBe(size)
      made.push(sourceFiles(out))
    }
    expect(made[0]).toEqual(made[1])
    expect(made[0]).not.toEqual(made[2])
  })

  it('refuses a folder that holds source files already', async () => {
    const out = emptyFolder()
    await supportEtl(['generate', '--interactions', '100', '--out', out])
    const { status, stderr } = await supportEtl(['generate', '--interactions', '200', '--out', out])
    expect(status).toBe(2)
    expect(stderr).toContain(`${out} already holds initial/agents.csv; choose an empty folder`)
    expect(readdirSync(out).sort()).toEqual(['delta', 'initial'])
  })

  it('refuses a number out of range before it writes anything', async () => {
    const out = emptyFolder()
    const { status, stderr } = await supportEtl(['generate', '--interactions', '5', '--out', out])
    expect(status).toBe(2)
    expect(stderr).toContain('interactions is 5, expected a whole number from 100 to 500000000')
    expect(readdirSync(out)).toEqual([])
  })
})
