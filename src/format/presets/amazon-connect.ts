import { defineTable, int32, key, nullable, string, timestamp } from '../../table/contract.ts'
import type { Preset } from './preset.ts'

/** One contact, as it was when the record was delivered; a later record of the same contact has a later `updated_at`. */
const contract = defineTable('contacts', {
  contact_id: key(string()),
  initial_contact_id: nullable(string()),
  channel: string(),
  initiation_method: string(),
  initiated_at: timestamp(),
  disconnected_at: nullable(timestamp()),
  updated_at: timestamp(),
  queue_name: nullable(string()),
  queue_seconds: nullable(int32()),
  agent_username: nullable(string()),
  agent_interaction_seconds: nullable(int32()),
  after_contact_work_seconds: nullable(int32()),
  hold_seconds: nullable(int32()),
})

/**
 * Contact records of Amazon Connect, as its delivery stream writes them: JSON objects one after the other, without line ends. A record
 * is delivered at least once, and again whenever it is updated: the greater `updated_at` wins.
 */
export const amazonConnect: Preset = {
  title: 'Amazon Connect, contact records of a delivery stream (JSON)',
  source: 'https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html',
  format: 'json',
  dialect: {
    layout: 'concatenated',
    extraColumns: 'drop',
    columnAliases: {
      ContactId: 'contact_id',
      InitialContactId: 'initial_contact_id',
      Channel: 'channel',
      InitiationMethod: 'initiation_method',
      InitiationTimestamp: 'initiated_at',
      DisconnectTimestamp: 'disconnected_at',
      LastUpdateTimestamp: 'updated_at',
      'Queue.Name': 'queue_name',
      'Queue.Duration': 'queue_seconds',
      'Agent.Username': 'agent_username',
      'Agent.AgentInteractionDuration': 'agent_interaction_seconds',
      'Agent.AfterContactWorkDuration': 'after_contact_work_seconds',
      'Agent.CustomerHoldDuration': 'hold_seconds',
    },
  },
  contract,
  sequenceBy: 'updated_at',
}
