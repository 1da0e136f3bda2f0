/**
 * Reads transcripts of calls: what was sold, how the customer felt, and the words behind both. Then the same as a job, which
 * keeps the figures of agents current as calls come, change and go.
 */
import { table } from 'arquero'
import { toArquero } from 'support-etl'
import { memoryStore } from 'support-etl/connect'
import { readState, runPipeline } from 'support-etl/pipeline'
import { analyseTranscript, analyseTranscripts, cleanTranscripts, transcriptsJob } from 'support-etl/transcripts'

const sale = {
  call_id: 'C1',
  agent_name: 'grace okafor',
  timestamp: '2025-09-01T23:30:00-04:00',
  transcript_text:
    'Agent: I can add the extended warranty for $29.99. Customer: Yes please, add it. You have been so helpful!',
}
const complaint = {
  call_id: 'C2',
  agent_name: 'Grace Okafor',
  timestamp: '2025-09-02T09:00:00Z',
  transcript_text:
    "Agent: Would you like the premium plan for $15? Customer: No thanks. I'm not happy at all with this bill.",
}

const { conversion, mood, evidence } = analyseTranscript(sale.transcript_text)
console.log(`${conversion.phrase}: ${mood.label}`)
for (const { metric, rule, speaker, text } of evidence) console.log(`  ${metric} (${rule}), ${speaker}: ${text}`)

// many calls at once, as tables
const calls = [sale, complaint]
const column = (name: keyof typeof sale) => calls.map((call) => call[name])
const raw = table({
  call_id: column('call_id'),
  agent_name: column('agent_name'),
  timestamp: column('timestamp'),
  transcript_text: column('transcript_text'),
})
const { analytics } = analyseTranscripts(cleanTranscripts(raw).records)
for (const { call_id, is_conversion, upsell_amount, sentiment_score } of analytics.objects() as Record<
  string,
  unknown
>[])
  console.log(call_id, is_conversion, upsell_amount, sentiment_score)

// one file a call: what is new is read, what is gone is withdrawn
const data = memoryStore(Object.fromEntries(calls.map((call) => [`bronze/${call.call_id}.json`, JSON.stringify(call)])))
const out = memoryStore()
for (const step of ['two calls', 'again', 'one is gone']) {
  if (step === 'one is gone') await data.remove('bronze/C2.json')
  const { status } = await runPipeline(transcriptsJob, { data, out, timeZone: 'America/New_York' })
  const agents = await (await readState(transcriptsJob, { out })).loadOutput('gold_agent_performance')
  const [{ agent_name, total_calls, conversion_rate }] = toArquero(agents).objects() as [Record<string, unknown>]
  console.log(`${step}: ${status}; ${agent_name}, calls: ${total_calls}, conversion rate: ${conversion_rate} %`)
}
