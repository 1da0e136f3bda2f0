import { defineTable, float64, int32, key, nullable, string, timestamp } from '../../table/contract.ts'
import type { Preset } from './preset.ts'

/** One leg of a call. */
const contract = defineTable('calls', {
  sid: key(string()),
  parent_call_sid: nullable(string()),
  from: nullable(string()),
  to: nullable(string()),
  direction: string(),
  status: string(),
  start_time: nullable(timestamp()),
  end_time: nullable(timestamp()),
  date_updated: timestamp(),
  duration_seconds: nullable(int32()),
  price: nullable(float64()),
  price_unit: nullable(string()),
})

/** The Call resource of Twilio as its API lists it: the list `calls` inside an object, with timestamps of RFC 2822. */
export const twilio: Preset = {
  title: 'Twilio, list of the Call resource (JSON)',
  source: 'https://www.twilio.com/docs/voice/api/call-resource',
  format: 'json',
  dialect: {
    path: 'calls',
    extraColumns: 'drop',
    timestamps: { form: 'EEE, dd MMM yyyy HH:mm:ss X' },
    columnAliases: { duration: 'duration_seconds' },
    durations: { duration_seconds: { form: 'seconds', unit: 'seconds' } },
  },
  contract,
  sequenceBy: 'date_updated',
}
