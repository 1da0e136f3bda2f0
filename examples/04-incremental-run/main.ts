/**
 * The pipeline remembers what it has applied: month by month, all at once or repeated, it gives
 * the same bytes.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunResult, readState, runPipeline } from 'support-etl/pipeline'
import { supportJob } from 'support-etl/support'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-example-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const data = join(folder, 'data')
const out = join(folder, 'output')
cpSync(join(import.meta.dirname, '..', 'data', 'support'), data, { recursive: true })

const tell = ({ status, commit, applied, tables }: RunResult) =>
  console.log(`${status}: version ${commit}, ${applied.length} files, ${tables.interactions} interactions`)

// the full extract with February's deltas, then March's, then nothing new
tell(await runPipeline(supportJob, { data, out, months: ['202502'] }))
tell(await runPipeline(supportJob, { data, out, months: ['202503'] }))
tell(await runPipeline(supportJob, { data, out }))

// all at once, somewhere else: the same bytes
const other = join(folder, 'other')
tell(await runPipeline(supportJob, { data, out: other }))
const report = (place: string) => readFileSync(join(place, 'support_report.csv'))
console.log('the same report:', report(out).equals(report(other)))

// the past stays readable, dimensions included: in February one center had another name, and one
// was unknown
for (const state of [await readState(supportJob, { out, asOf: '202502' }), await readState(supportJob, { out })]) {
  const centers = await state.loadTable('contact_centers')
  console.log(state.asOf ?? 'now', [...(centers.columns.get('contact_center_name') ?? [])])
}

// an applied file that has changed is refused, with advice; nothing is overwritten silently
const applied = join(data, 'delta', 'agents_delta_202503.csv')
writeFileSync(applied, readFileSync(applied, 'utf8').replace('Abena Mensah', 'Abena Owusu'))
await runPipeline(supportJob, { data, out }).catch((error) => console.log(`${error.code}: ${error.message}`))
tell(await runPipeline(supportJob, { data, out, apply: 'rebuild' }))
