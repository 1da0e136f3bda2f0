import { defineTable, float64, key, nullable, string, timestamp } from '../../table/contract.ts'
import type { Preset } from './preset.ts'

/** One conversation. */
const contract = defineTable('conversations', {
  conversation_id: key(string()),
  started_at: timestamp(),
  ended_at: nullable(timestamp()),
  direction: nullable(string()),
  lowest_mos: nullable(float64()),
})

/** Conversation details of Genesys Cloud, as its analytics API answers a query: the list `conversations` inside an object. */
export const genesys: Preset = {
  title: 'Genesys Cloud, analytics conversation details (JSON)',
  source: 'https://developer.genesys.cloud/analyticsdatamanagement/analytics/detail/conversation-query',
  format: 'json',
  dialect: {
    path: 'conversations',
    extraColumns: 'drop',
    columnAliases: {
      conversationId: 'conversation_id',
      conversationStart: 'started_at',
      conversationEnd: 'ended_at',
      originatingDirection: 'direction',
      mediaStatsMinConversationMos: 'lowest_mos',
    },
  },
  contract,
  sequenceBy: null,
}
