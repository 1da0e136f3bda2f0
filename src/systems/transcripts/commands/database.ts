/**
 * The database that keeps the tables of transcripts: a server, or one embedded in the folder of the state.
 * @module
 */
import { ContractError } from '../../../errors.ts'
import type { Destination } from '../../../pipeline/destinations/destination.ts'
import { type PostgresTables, pglite, postgres } from '../../../pipeline/destinations/postgres/postgres.ts'
import { databaseSettings } from './settings.ts'

const PERCENT = 'numeric(5,2)'
const AMOUNT = 'numeric(12,2)'
const RATES = {
  conversion_rate: PERCENT,
  total_upsell_amount: AMOUNT,
  avg_upsell_per_call: AMOUNT,
  positive_sentiment_pct: PERCENT,
  negative_sentiment_pct: PERCENT,
}

/** Narrow types, indexes on what people look for, and each finding with the call that it is of. */
export const DETAILS = {
  silver_call_records: { indexes: [['call_timestamp'], ['agent_name']] },
  gold_call_analytics: {
    types: { conversion_phrase: 'varchar(255)', upsell_amount: AMOUNT, sentiment_confidence: 'numeric(3,2)' },
    indexes: [['call_timestamp'], ['agent_name']],
    foreignKeys: { call_id: 'silver_call_records' },
  },
  gold_agent_performance: { types: RATES },
  gold_team_performance: { types: RATES },
  gold_daily_metrics: {
    types: { conversion_rate: PERCENT, total_upsell_amount: AMOUNT, avg_sentiment_score: 'numeric(5,4)' },
  },
  gold_call_evidence: { foreignKeys: { call_id: 'silver_call_records' } },
  gold_call_upsells: { types: { amount: AMOUNT }, foreignKeys: { call_id: 'silver_call_records' } },
} as const satisfies PostgresTables['details']

/** The folder of the embedded database. */
function embeddedFolder(out: string): string {
  if (!out.includes('://')) return `${out}/database`
  throw new ContractError(
    'invalid_option',
    '--database embedded keeps a database beside the state, in a folder of this machine; give --out such a folder, or the address of a server',
  )
}

/**
 * Returns the destinations of a run: those of `--database`, else of `DATABASE_URL`; undefined where neither is given.
 * @throws ContractError invalid_option - no address of a database; the message does not repeat it, because it may hold a password
 */
export function destinationsOf(database: string | undefined, out: string): readonly Destination[] | undefined {
  const { url, schema } = databaseSettings()
  const address = database ?? url
  if (address === undefined) return undefined
  if (address === 'none') return []
  if (address === 'embedded') return [pglite({ folder: embeddedFolder(out), schema, details: DETAILS })]
  if (/^postgres(ql)?:\/\//.test(address)) return [postgres({ url: address, schema, details: DETAILS })]
  throw new ContractError(
    'invalid_option',
    `${database === undefined ? 'DATABASE_URL' : '--database'} is no address of a database (and is not repeated here: it may hold a password); expected postgres://user@host/database, embedded, or none`,
  )
}
