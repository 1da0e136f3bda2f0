import { boolean, defineTable, int32, key, nullable, string, timestamp } from '../../table/contract.ts'
import type { Preset } from './preset.ts'

/** One call. */
const contract = defineTable('calls', {
  call_id: key(string()),
  type: string(),
  start_at: timestamp(),
  end_at: nullable(timestamp()),
  user_id: nullable(string()),
  user_name: nullable(string()),
  total_seconds: nullable(int32()),
  talk_seconds: nullable(int32()),
  wait_seconds: nullable(int32()),
  hold_seconds: nullable(int32()),
  abandon_seconds: nullable(int32()),
  disposition_code: nullable(string()),
  ring_groups: nullable(string()),
  is_in_business_hours: nullable(boolean()),
  is_transfer: nullable(boolean()),
})

/** The Calls report of Talkdesk's Explore API: the list `entries` inside an object. */
export const talkdesk: Preset = {
  title: 'Talkdesk, Calls report of the Explore API (JSON)',
  source: 'https://docs.talkdesk.com/docs/calls-report',
  format: 'json',
  dialect: {
    path: 'entries',
    extraColumns: 'drop',
    columnAliases: {
      total_time: 'total_seconds',
      talk_time: 'talk_seconds',
      wait_time: 'wait_seconds',
      hold_time: 'hold_seconds',
      abandon_time: 'abandon_seconds',
    },
  },
  contract,
  sequenceBy: null,
}
