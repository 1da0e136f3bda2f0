/** What a command of a system advises works for its job and its place when it is followed. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { advisedLines } from '../../src/terminal/advised-lines.ts'
import { emptyFolder, supportEtlHere as supportEtl } from './command-line.ts'

/** The line that a text names behind some words, as arguments. */
function lineBehind(text: string, words: string, end: string): string[] {
  const from = text.indexOf(words)
  expect(from, text).toBeGreaterThanOrEqual(0)
  const line = text.slice(from + words.length, text.indexOf(end, from))
  return line.split(' ').slice(1)
}

describe('advice of a system’s command', () => {
  it('names the place whose rows wait', async () => {
    const folder = emptyFolder()
    const [data, out] = [join(folder, 'data'), join(folder, 'talks')]
    mkdirSync(data)
    const rows = ['1,01/02/2020 10:00,Email', '12in,13/02/2020 10:00,Call', '2,14/02/2020 11:00,Call']
    writeFileSync(join(data, 'interactions.csv'), `customers,date_start,event\n${rows.join('\n')}\n`)
    const { status, stderr } = await supportEtl([
      'interactions',
      'import',
      '--data',
      data,
      '--out',
      out,
      '--mode',
      'lenient',
    ])
    expect([status, stderr]).toEqual([0, expect.stringContaining(' --out ')])
    const followed = await supportEtl(lineBehind(stderr, 'in quarantine; ', ' shows'))
    expect([followed.status, followed.stdout]).toEqual([0, expect.stringContaining('12in')])
  })

  it('names the command that makes a state, and the job whose files are checked', async () => {
    const folder = emptyFolder()
    const missing = await supportEtl(['transcripts', 'status', '--data', folder, '--out', join(folder, 'none')])
    expect(missing.stderr).toContain('try       support-etl transcripts run --data DIR --out OUT first')
    const { check } = advisedLines('support-etl', { name: 'complaints', run: 'complaints run' })
    const checked = await supportEtl([...check.split(' ').slice(1), '--data', folder])
    expect(checked.stdout + checked.stderr).toMatch(/agents|customers/)
  })

  it('leaves out the usual place, and quotes one with a space', () => {
    expect(advisedLines('halls', undefined, 'output').at('status')).toBe('halls status')
    expect(advisedLines('halls', undefined, 'my halls').at('verify')).toBe("halls verify --out 'my halls'")
  })
})
