import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder, supportEtlHere as supportEtl } from '../../cli/command-line.ts'
import { SMALL } from './real-files.ts'

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'data'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'data', name), text)
  return folder
}

describe('support-etl interactions', () => {
  it('import says what it would do, and refuses dates in the other order', async () => {
    const cwd = folderOf(SMALL)
    const { status, stdout } = await supportEtl(['interactions', 'import', '--dry-run'], { cwd })
    expect([status, stdout]).toEqual([0, expect.stringContaining('interactions.csv  apply')])
    const swapped = folderOf({ 'interactions.csv': 'date_start,event,customers\n02/17/2021 09:30,Call,1\n' })
    const refused = await supportEtl(['interactions', 'import'], { cwd: swapped })
    expect(refused.status).toBe(3)
    expect(refused.stderr).toContain(
      'interactions.csv row 1, column started_on: the date is written as MM/dd/yyyy HH:mm',
    )
  })

  it.each([
    [['import', '--database', 'mysql://me:geheim@host/db'], '--database is no address of a database'],
    [['anomalies', '--webhook', 'geheim'], '--webhook is no address of a webhook'],
    [['generate', '--interactions', 'many'], '--interactions "many": expected a whole number'],
    [['generate', '--interactions', '7'], 'interactions is 7, expected a whole number from 100'],
  ])('%o is wrong use', async (args, message) => {
    const { status, stdout, stderr } = await supportEtl(['interactions', ...args], { cwd: folderOf(SMALL) })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('geheim')
  })

  it('generate makes the files once, and overwrites none', async () => {
    const cwd = emptyFolder()
    const made = await supportEtl(['interactions', 'generate', '--interactions', '100', '--json'], { cwd })
    expect(JSON.parse(made.stdout)).toMatchObject({ interactions: 100, seed: 1, files: { length: 4 } })
    const again = await supportEtl(['interactions', 'generate', '--interactions', '100'], { cwd })
    expect(again.status).toBe(2)
    expect(again.stderr).toContain('data already holds customer.csv')
  })
})
