/** Which places `dashboard --export` refuses, and what it says of them. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder } from './command-line.ts'
import { saidIn } from './said.ts'

const REFUSAL = 'error: --export writes a folder of this machine only; write one and upload it with content types\n'

/** Exports where there are no calls and no state. */
function exported(site: string): Promise<string> {
  const folder = emptyFolder()
  const places = ['--data', join(folder, 'calls.parquet'), '--out', join(folder, 'output')]
  return saidIn(folder)('dashboard', ...places, '--export', site.replace('FOLDER', folder))
}

describe('dashboard --export', () => {
  it.each(['gs://bucket/site', 's3://bucket/site', 's3:/bucket/site', 'GIT+ssh://x', 'x1.y-z:/a'])(
    'refuses %s before it reads anything',
    async (site) => {
      const told = await exported(site)
      expect(told).toBe(
        `--- stderr\n${REFUSAL}  code      path_invalid (support-etl errors path_invalid)\n--- status 2\n`,
      )
    },
  )

  it('takes a folder of this machine whose name has a colon', async () => {
    const told = await exported('FOLDER/a:b')
    expect(told).toContain('warning: no curated calls at FOLDER/calls.parquet: make them with')
    expect(told).not.toContain(REFUSAL)
  })
})
