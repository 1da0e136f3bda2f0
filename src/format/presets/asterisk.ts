import { defineTable, nullable, string, timestamp } from '../../table/contract.ts'
import type { Preset } from './preset.ts'

/** One event of a queue. What `data1` to `data5` hold depends on the event. */
const contract = defineTable('queue_events', {
  at: timestamp(),
  call_id: nullable(string()),
  queue: nullable(string()),
  agent: nullable(string()),
  event: string(),
  data1: nullable(string()),
  data2: nullable(string()),
  data3: nullable(string()),
  data4: nullable(string()),
  data5: nullable(string()),
})

/** `queue_log` of Asterisk: cells between bars, without a header line, and with as many parameters as the event has. */
export const asterisk: Preset = {
  title: 'Asterisk, queue_log',
  source: 'https://docs.asterisk.org/Configuration/Applications/Queue-Logs/',
  format: 'csv',
  dialect: {
    delimiter: '|',
    quote: null,
    header: Object.keys(contract.columns),
    timestamps: { form: 'epoch_seconds' },
    nulls: ['NONE'],
    ragged: 'pad',
  },
  contract,
  sequenceBy: null,
}
