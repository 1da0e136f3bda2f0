import { defineTable, int32, key, nullable, string, timestamp } from '../../table/contract.ts'
import type { Preset } from './preset.ts'

/** One call. */
const contract = defineTable('calls', {
  call_id: key(string()),
  started_at: timestamp(),
  campaign: nullable(string()),
  call_type: nullable(string()),
  agent: nullable(string()),
  agent_name: nullable(string()),
  disposition: nullable(string()),
  ani: nullable(string()),
  dnis: nullable(string()),
  call_seconds: nullable(int32()),
  ivr_seconds: nullable(int32()),
  queue_wait_seconds: nullable(int32()),
  ring_seconds: nullable(int32()),
  talk_seconds: nullable(int32()),
  hold_seconds: nullable(int32()),
  after_call_work_seconds: nullable(int32()),
})

const CLOCK = { form: 'hh:mm:ss', unit: 'seconds' } as const

/**
 * The report Call Log of Five9 as CSV. Its timestamps name no zone: they are in the zone of the account, which is declared beside the
 * preset.
 */
export const five9: Preset = {
  title: 'Five9, report Call Log (CSV)',
  source:
    "Five9 Virtual Contact Center, Dashboards and Reports User's Guide: call log reports, and the data types of its web services",
  format: 'csv',
  dialect: {
    extraColumns: 'drop',
    timestamps: { form: 'EEE, d MMM yyyy HH:mm:ss' },
    columnAliases: {
      'CALL ID': 'call_id',
      TIMESTAMP: 'started_at',
      CAMPAIGN: 'campaign',
      'CALL TYPE': 'call_type',
      AGENT: 'agent',
      'AGENT NAME': 'agent_name',
      DISPOSITION: 'disposition',
      ANI: 'ani',
      DNIS: 'dnis',
      'CALL TIME': 'call_seconds',
      'IVR TIME': 'ivr_seconds',
      'QUEUE WAIT TIME': 'queue_wait_seconds',
      'RING TIME': 'ring_seconds',
      'TALK TIME': 'talk_seconds',
      'HOLD TIME': 'hold_seconds',
      'AFTER CALL WORK TIME': 'after_call_work_seconds',
    },
    durations: {
      call_seconds: CLOCK,
      ivr_seconds: CLOCK,
      queue_wait_seconds: CLOCK,
      ring_seconds: CLOCK,
      talk_seconds: CLOCK,
      hold_seconds: CLOCK,
      after_call_work_seconds: CLOCK,
    },
  },
  contract,
  sequenceBy: null,
}
