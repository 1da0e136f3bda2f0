/** One run in a process of its own, for tests that kill it: `child-run.ts DATA OUT '{"months":…}'`. */
import { EtlError } from '../../src/errors.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { phoneJob } from './phone-job.ts'

const [data = '', out = '', options = '{}'] = process.argv.slice(2)
try {
  process.stdout.write('begins\n')
  const { status } = await runPipeline(phoneJob, { data, out, ...JSON.parse(options) })
  process.stdout.write(`${status}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof EtlError ? `${error.code}: ${error.message}` : String(error)}\n`)
  process.exitCode = error instanceof EtlError && error.code === 'lock_held' ? 75 : 1
}
