/**
 * Figures of agents, teams and days, of any kind of table.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../../../arguments.ts'
import { buildTable, type TableLike, viewTable } from '../../../../table/table-like.ts'
import { agentCells, agentPerformance, teamPerformance } from './agent-figures.ts'
import { type DayOptions, dailyMetrics, dayCells } from './day-figures.ts'

/**
 * Returns one row per agent of analysed calls, with the columns of `goldAgentPerformance` but for `last_updated`, in order of
 * the names by their UTF-8 bytes. Rates are percent: Σ/Σ with two decimals, half away from zero.
 *
 * @throws ContractError column_not_found, type_mismatch - a column of `goldCallAnalytics` is missing or of another kind
 * @example
 * const calls = table({
 *   agent_name: ['Ann', 'Ann', 'Bob'],
 *   is_conversion: [true, false, false],
 *   upsell_amount: [29.99, null, null],
 *   sentiment_score: ['positive', 'neutral', 'negative'],
 *   positive_keywords_count: [2, 0, 0],
 *   negative_keywords_count: [0, 0, 1],
 * })
 * const [ann] = performanceByAgent(calls).objects()
 * ann.conversion_rate // 50
 * ann.avg_upsell_per_call // 15
 */
export function performanceByAgent<T extends TableLike>(analytics: T): T {
  return buildTable(agentPerformance(agentCells(viewTable(analytics, 'analytics'))), analytics)
}

/**
 * Returns one row per team of analysed calls, with the columns of `goldTeamPerformance`, in order of the names by their UTF-8
 * bytes. Agents who are not in the list, or have no team there, are in the team `Unknown`.
 *
 * @throws ContractError column_not_found, type_mismatch - a column is missing or of another kind
 * @example
 * const calls = table({
 *   agent_name: ['Ann', 'Bob'],
 *   is_conversion: [true, false],
 *   upsell_amount: [7, 8],
 *   sentiment_score: ['positive', 'neutral'],
 *   positive_keywords_count: [1, 0],
 *   negative_keywords_count: [0, 0],
 * })
 * const teams = performanceByTeam(calls, table({ agent_name: ['Ann'], team: ['North'] }))
 * teams.select('team', 'total_upsell_amount').objects() // [{ team: 'North', total_upsell_amount: 7 }, { team: 'Unknown', total_upsell_amount: 8 }]
 */
export function performanceByTeam<T extends TableLike>(analytics: T, agents: TableLike): T {
  const cells = agentCells(viewTable(analytics, 'analytics'))
  return buildTable(teamPerformance(cells, viewTable(agents, 'agents')), analytics)
}

/**
 * Returns one row per calendar day of analysed calls, with the columns of `goldDailyMetrics`, in order of the days.
 * `avg_sentiment_score` is the mean of (positive − negative) / (positive + negative), 0 for a call without mood words, with
 * four decimals.
 *
 * @throws ContractError column_not_found, type_mismatch - a column is missing or of another kind; time_zone_unknown -
 * `timeZone` is not an IANA zone
 * @example
 * const calls = table({
 *   call_timestamp: ['2025-03-01T02:00:00Z', '2025-03-01T12:00:00Z'],
 *   is_conversion: [true, false],
 *   upsell_amount: [null, null],
 *   sentiment_score: ['positive', 'negative'],
 *   positive_keywords_count: [1, 1],
 *   negative_keywords_count: [0, 3],
 * })
 * const days = metricsByDay(calls, { timeZone: 'America/New_York' })
 * days.select('metric_date', 'avg_sentiment_score').objects() // [{ metric_date: '2025-02-28', avg_sentiment_score: 1 }, { metric_date: '2025-03-01', avg_sentiment_score: -0.5 }]
 */
export function metricsByDay<T extends TableLike>(analytics: T, options: DayOptions = {}): T {
  refuseUnknown(options, { timeZone: true } satisfies OptionNames<DayOptions>)
  const { timeZone } = options
  refuseUnless(timeZone === undefined || typeof timeZone === 'string', 'timeZone', timeZone, 'the name of a zone')
  return buildTable(dailyMetrics(dayCells(viewTable(analytics, 'analytics'), options)), analytics)
}
