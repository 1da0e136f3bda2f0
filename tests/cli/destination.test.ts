import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { destinationsAt } from '../../src/cli/destination.ts'
import { SAMPLE, supportEtlHere as supportEtl } from './command-line.ts'

const base = mkdtempSync(join(tmpdir(), 'support-etl-destination-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

describe('run --destination', () => {
  it.each([
    ['postgres://etl@localhost/warehouse?schema=support&sslmode=disable', ['postgres']],
    ['postgresql://localhost/x', ['postgres']],
    ['pglite:output/database', ['pglite']],
    ['none', []],
  ])('takes %s', (address, names) => {
    expect(destinationsAt(address).map(({ name }) => name)).toEqual(names)
  })

  it.each(['mysql://root:secret@localhost/x', 'secret', '', 'pglite:', 'pglite://secret', 'postgres://h/x?schema=%zz'])(
    'refuses %s without repeating it',
    (address) => {
      const call = () => destinationsAt(address)
      expect(call).toThrow(expect.objectContaining({ code: 'invalid_option' }))
      expect(call).not.toThrow(/secret|%zz/)
    },
  )

  it('says what was delivered, and that a later run is not given the destination', async () => {
    const folder = join(base, 'database')
    const out = join(base, 'out')
    const first = await supportEtl(['run', '--data', SAMPLE, '--out', out, '--destination', `pglite:${folder}`])
    expect([first.status, first.stderr]).toEqual([0, ''])
    expect(first.stdout).toMatch(/\npglite is at version 1: \d+ rows changed\n$/)
    const second = await supportEtl(['run', '--data', SAMPLE, '--out', out])
    expect([second.status, second.stderr]).toEqual([
      0,
      'the last run had the destination "pglite", which this run is not given; it keeps the rows of an earlier version\n',
    ])
  }, 120_000)

  it('ends with status 1 where the server does not answer, and commits nothing', async () => {
    const out = join(base, 'out-2')
    const { status, stderr } = await supportEtl([
      ...['run', '--data', SAMPLE, '--out', out],
      ...['--destination', 'postgres://etl:secret@127.0.0.1:1/warehouse'],
    ])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^error: no server answers at the address.*\(ECONNREFUSED\)\n[\s\S]*io_failed/)
    expect(stderr).not.toContain('secret')
    expect((await supportEtl(['status', '--out', out])).status).toBe(1)
  })
})
