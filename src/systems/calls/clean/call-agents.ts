/**
 * The agents list as a lookup: the name and region of each agent.
 * @module
 */
import { ContractError } from '../../../errors.ts'
import type { DictionaryColumn } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { UNKNOWN } from '../../../table/unknown-member.ts'
import { attributeText, type DimensionIndex, indexDimension, matchRows } from '../../../transform/dimension-join.ts'
import { AGENT_ALIASES, aliasedColumns, coalesceCodes, requireColumn } from './call-columns.ts'

/** The agents list by agent id. */
export interface AgentLookup {
  readonly index: DimensionIndex
  readonly ids: DictionaryColumn
  readonly names: DictionaryColumn
  readonly regions: DictionaryColumn
}

/**
 * Returns the agents list as a lookup; rows without an id are left out.
 * @throws ContractError column_missing - the list has no agent_id, name or region under any alias
 * @throws ContractError dimension_duplicate_key - two rows with one id; the message names both lines
 */
export function agentLookup(agents: Frame, file: string, lineOf: (row: number) => number): AgentLookup {
  for (const aliases of Object.values(AGENT_ALIASES)) requireColumn(agents, aliases, file)
  const coded = (name: keyof typeof AGENT_ALIASES) =>
    coalesceCodes(aliasedColumns(agents, AGENT_ALIASES[name]), name, agents.rows)
  const ids = coded('agent_id')
  const index = indexDimension(frameOf([['agent_id', ids]]), ['agent_id'], (_, rows) => {
    const lines = rows.map(lineOf)
    return new ContractError(
      'dimension_duplicate_key',
      `${file} lines ${lines.join(' and ')}: the same agent_id stands on both; keep one of them`,
      { details: { file, agent_id: ids.at(rows[0]), lines } },
    )
  })
  return { index, ids, names: coded('agent_name'), regions: coded('region') }
}

/** Returns the rows of an agents list that have no id. */
export function namelessAgents(agents: Frame): number[] {
  const ids = coalesceCodes(aliasedColumns(agents, AGENT_ALIASES.agent_id), 'agent_id', agents.rows)
  return Array.from(ids.codes.keys()).filter((row) => ids.isNull(row))
}

/** The agents of calls after the join: one row per call. */
export interface JoinedAgents {
  readonly names: DictionaryColumn
  readonly regions: DictionaryColumn
  /** Calls whose agent is not in the list, or that name no agent. */
  readonly unknown: number
}

/** Returns the name and region of each call's agent; an agent who is not in the list, or a blank cell, is `Unknown`. */
export function joinAgents(agentIds: DictionaryColumn, { index, names, regions }: AgentLookup): JoinedAgents {
  const rows = matchRows(frameOf([['agent_id', agentIds]]), ['agent_id'], index)
  let unknown = 0
  for (const row of rows) if (row < 0) unknown++
  const attribute = (column: DictionaryColumn) => attributeText(column, rows, { unknown: UNKNOWN, blank: 'unknown' })
  return { names: attribute(names), regions: attribute(regions), unknown }
}
