/**
 * The files that an example reads: a folder that the pipeline writes from the sample, or from
 * `--data DIR`; `--out DIR` names an existing one.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runPipeline } from 'support-etl/pipeline'
import { supportJob } from 'support-etl/support'

const sample = join(import.meta.dirname, 'data', 'support')

/**
 * Runs the support job into a folder that is removed after the example, unless `--out` names one.
 */
export async function outputFolder(): Promise<string> {
  const { values } = parseArgs({ options: { data: { type: 'string', default: sample }, out: { type: 'string' } } })
  if (values.out !== undefined) return values.out
  const out = mkdtempSync(join(tmpdir(), 'support-etl-example-'))
  process.on('exit', () => rmSync(out, { recursive: true, force: true }))
  await runPipeline(supportJob, { data: values.data, out })
  return out
}
