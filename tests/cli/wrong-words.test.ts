import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyFolder, SAMPLE, supportEtlHere as supportEtl } from './command-line.ts'

const root = mkdtempSync(join(tmpdir(), 'support-etl-words-'))
const out = join(root, 'output')
const calls = join(root, 'calls')
const curated = join(calls, 'cleaned_calls.parquet')
afterAll(() => rmSync(root, { recursive: true, force: true }))

beforeAll(async () => {
  expect((await supportEtl(['run', '--data', SAMPLE, '--out', out])).status).toBe(0)
  expect((await supportEtl(['calls', 'generate', '--calls', '500', '--out', calls])).status).toBe(0)
  const files = ['--calls', join(calls, 'sample_calls.json'), '--agents', join(calls, 'agents.csv')]
  const made = ['--output', curated, '--manifest', join(calls, 'manifest.json')]
  expect((await supportEtl(['calls', 'clean', ...files, ...made])).status).toBe(0)
}, 60_000)

describe('a month that was not reached', () => {
  it.each([
    ['report'],
    ['explain', '--month', '2025-02', '--contact-center', 'Portland ME', '--department', 'Network'],
  ])('is refused by %s --as-of, with the last one', async (...command) => {
    for (const month of ['202512', '2025-04']) {
      const { status, stdout, stderr } = await supportEtl([...command, '--out', out, '--as-of', month])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toContain(`--as-of "${month}": expected a month up to 2025-03, the last one with applied deltas`)
    }
    const data = ['--data', SAMPLE]
    const reached = [...command, '--out', out, ...(command[0] === 'explain' ? data : []), '--as-of', '2025-03']
    expect(await supportEtl(reached)).toMatchObject({ status: 0, stderr: '' })
  })

  it('may lie before the first delta: then it is the extracts', async () => {
    const { status, stdout } = await supportEtl(['report', '--out', out, '--as-of', '2025-01', '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ asOf: '2025-01' })
  })

  it('is every month where only extracts were applied', async () => {
    const [data, first] = [emptyFolder(), emptyFolder()]
    cpSync(join(SAMPLE, 'initial'), join(data, 'initial'), { recursive: true })
    expect((await supportEtl(['run', '--data', data, '--out', first])).status).toBe(0)
    const { status, stderr } = await supportEtl(['report', '--out', first, '--as-of', '2025-01'])
    expect(status).toBe(2)
    expect(stderr).toContain('--as-of "2025-01": expected none, because no delta was applied yet')
  })

  it('is told when it is a quarter of answers', async () => {
    const { status, stderr } = await supportEtl(['answers', '--out', out, '--quarter', '2031-Q1'])
    expect(status).toBe(0)
    expect(stderr).toMatch(
      /warning: the report has no interaction in --quarter 2031-Q1; its months are \d{4}-\d\d to 2025-\d\d/,
    )
    expect((await supportEtl(['answers', '--out', out, '--quarter', '2025-Q1'])).stderr).toBe('')
  })
})

describe('a name that is not there', () => {
  const line = { month: '2025-02', center: 'Portland ME', department: 'Network' }
  const explain = ({ month, center, department }: typeof line) =>
    supportEtl(['explain', '--out', out, '--month', month, '--contact-center', center, '--department', department])

  it.each([
    [{ ...line, center: 'Portland' }, 'no contact center is "Portland": did you mean "Portland ME"?'],
    [{ ...line, department: 'Netwrk' }, 'no department is "Netwrk": did you mean "Network"?'],
    [{ ...line, month: '2031-07' }, 'no month is "2031-07": '],
    [{ ...line, center: 'Zanzibar' }, 'no contact center is "Zanzibar": there are "'],
  ])('is refused by explain with the one that was meant: %j', async (words, message) => {
    const { status, stdout, stderr } = await explain(words)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  it.each([
    [['--issue', 'Biling'], 'warning: no call has --issue "Biling": did you mean "Billing"?'],
    [['--region', 'Souh'], 'warning: no call has --region "Souh": did you mean "South"?'],
    [['--query', 'issue=Biling'], 'no call has --issue "Biling"'],
    [['--agent', 'nobody at all'], 'there are "'],
  ])('is told by calls summary %j', async (words, message) => {
    const { status, stderr } = await supportEtl(['calls', 'summary', '--data', curated, ...words])
    expect(status).toBe(0)
    expect(stderr).toContain(message)
  })

  it('is fine where calls have it, and none of them in the period', async () => {
    const words = ['--issue', 'Billing', '--period', '1999-01-01..1999-01-31', '--json']
    const { status, stdout, stderr } = await supportEtl(['calls', 'summary', '--data', curated, ...words])
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ kpis: { calls: 0 } })
  })
})

describe('a path where nothing is', () => {
  it('is told by status, with the one that was meant', async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'exports'))
    const status = await supportEtl(['status', '--out', out, '--data', join(folder, 'exprots')])
    expect(status.status).toBe(0)
    expect(status.stderr).toContain(
      `warning: no source files in ${join(folder, 'exprots')} (did you mean ${join(folder, 'exports')}?): --data names the folder`,
    )
    expect(status.stdout).toContain('exprots: unknown\n')
    expect(await supportEtl(['status', '--out', out, '--data', SAMPLE])).toMatchObject({ stderr: '' })
  })

  it('is told by dashboard, with the one that was meant', async () => {
    const site = join(emptyFolder(), 'site')
    const shown = (file: string) =>
      supportEtl(['dashboard', '--data', join(calls, file), '--out', out, '--export', site])
    expect((await shown('cleaned_cals.parquet')).stderr).toContain(
      `warning: no curated calls at ${join(calls, 'cleaned_cals.parquet')} (did you mean ${curated}?): make them with "support-etl calls clean"`,
    )
    expect((await shown('cleaned_calls.parquet')).stderr).not.toContain('no curated calls')
  })
})
