/**
 * Lands complaints of five messy sources, a day at a time and with a corrected delivery, counts every row from the file to the
 * report, and says which differences are more than chance.
 */
import { complaintInsights, complaintsJob, complaintsWorld, readComplaints, reconcile } from 'support-etl/complaints'
import { memoryStore } from 'support-etl/connect'
import { runPipeline } from 'support-etl/pipeline'

// a made-up telecom whose sources have duplicates, orphans, broken rules and other spellings
const [data, out] = [memoryStore(), memoryStore()]
const world = complaintsWorld({ customers: 2000, profile: 'adversarial', seed: 9 })
for (const { name, chunks } of world) if (!/^(later|refused)\//.test(name)) await data.write(name, chunks())

const { commit, quarantined } = await runPipeline(complaintsJob, { data, out, days: ['2025-11-20'] })
console.log(`commit ${commit}: one day, ${quarantined} rows set aside`)
const all = await runPipeline(complaintsJob, { data, out })
console.log(`commit ${all.commit}: all days, ${all.quarantined} rows set aside`)
for (const { code, message } of all.notes) if (code === 'day_missing') console.log(`  ${message}`)

// a day is delivered again, corrected: it replaces the day everywhere
const corrected = 'later/corrected/'
for (const { name, chunks } of world) {
  if (name.startsWith(corrected)) await data.write(name.slice(corrected.length), chunks())
}
console.log(`commit ${(await runPipeline(complaintsJob, { data, out })).commit}: a corrected delivery`)
console.log(`again: ${(await runPipeline(complaintsJob, { data, out })).status}`)

const { isWhole, deliveries } = await reconcile({ out })
console.log(`every row is accounted for: ${isWhole}`)
for (const { table, day, source, duplicate, refused, landed, quarantined, cleaned } of deliveries) {
  if (day !== '2025-11-20') continue
  console.log(`  ${table}: ${source} = ${duplicate} + ${refused} + ${landed}, ${landed} = ${quarantined} + ${cleaned}`)
}

const { set, customers } = await readComplaints({ out })
const { complaints, service, waiting, comparisons } = complaintInsights(set, { customers, slaHours: 72 })
const within = service[0]?.withinSla ?? 0
console.log(`${complaints} complaints, ${(100 * within).toFixed(1)} % of the decided ones resolved within 72 hours`)
console.log(`${waiting.customers} customers wait for longer, ${waiting.again} of them with several complaints`)
for (const { question, verdict, effect } of comparisons.slice(0, 3)) {
  console.log(`  ${question} ${verdict.replaceAll('_', ' ')} (${effect.kind} ${effect.value.toFixed(3)})`)
}
