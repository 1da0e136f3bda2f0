import { defineTable, int32, int64, key, nullable, string, timestamp } from '../../table/contract.ts'
import type { Preset } from './preset.ts'

/** One call, as it was when the page was fetched; a later page has it again where it was updated. */
const contract = defineTable('calls', {
  id: key(int64()),
  created_at: timestamp(),
  updated_at: timestamp(),
  agent_id: nullable(int64()),
  customer_id: nullable(int64()),
  ticket_id: nullable(int64()),
  direction: string(),
  completion_status: nullable(string()),
  duration_seconds: nullable(int32()),
  talk_seconds: nullable(int32()),
  hold_seconds: nullable(int32()),
  wait_seconds: nullable(int32()),
  wrap_up_seconds: nullable(int32()),
})

/** Calls of Zendesk Talk, as its incremental export answers: the list `calls` inside an object. The greater `updated_at` wins. */
export const zendesk: Preset = {
  title: 'Zendesk Talk, incremental export of calls (JSON)',
  source: 'https://developer.zendesk.com/api-reference/voice/talk-api/incremental_exports/',
  format: 'json',
  dialect: {
    path: 'calls',
    extraColumns: 'drop',
    columnAliases: {
      duration: 'duration_seconds',
      talk_time: 'talk_seconds',
      hold_time: 'hold_seconds',
      wait_time: 'wait_seconds',
      wrap_up_time: 'wrap_up_seconds',
    },
  },
  contract,
  sequenceBy: 'updated_at',
}
