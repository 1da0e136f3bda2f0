/** One run on DuckDB, or on Spark at URL, in a process of its own, for tests that kill it: `engine-run.ts DATA OUT '{"timeZone":…}' [URL]`. */

import { engineState } from '../../../src/engine/index.ts'
import { EtlError } from '../../../src/errors.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { supportJob, supportPlans } from '../../../src/systems/support/index.ts'

const [data = '', folder = '', options = '{}', url] = process.argv.slice(2)
const at = url === undefined ? ({ engine: 'duckdb' } as const) : ({ engine: 'spark', url } as const)
const out = engineState({ out: folder, ...at, plans: supportPlans })
try {
  process.stdout.write('begins\n')
  const { status } = await runPipeline(supportJob, { data, out, maxQuarantined: 1, ...JSON.parse(options) })
  process.stdout.write(`${status}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof EtlError ? `${error.code}: ${error.message}` : String(error)}\n`)
  process.exitCode = 1
} finally {
  await out.close()
}
