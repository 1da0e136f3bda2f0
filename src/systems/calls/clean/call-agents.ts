/**
 * The agents list as a look-up: what a call's agent is called and where they work.
 * @module
 */
import { ContractError } from '../../../errors.ts'
import { DictionaryColumn } from '../../../table/column.ts'
import type { Frame } from '../../../table/frame.ts'
import { UNKNOWN } from '../../../table/unknown-member.ts'
import { AGENT_ALIASES, aliasedColumns, coalesceCodes, requireColumn } from './call-columns.ts'

/** Names and regions by agent id. */
export interface AgentLookup {
  readonly ids: ReadonlyMap<string, number>
  readonly names: DictionaryColumn
  readonly regions: DictionaryColumn
}

/**
 * Returns the agents list as a look-up; rows without an id are left out.
 * @throws ContractError column_missing - agent_id, name or region under none of their names
 * @throws ContractError dimension_duplicate_key - two rows with one id; the message names both lines
 */
export function agentLookup(agents: Frame, file: string, lineOf: (row: number) => number): AgentLookup {
  for (const aliases of Object.values(AGENT_ALIASES)) requireColumn(agents, aliases, file)
  const coded = (name: keyof typeof AGENT_ALIASES) =>
    coalesceCodes(aliasedColumns(agents, AGENT_ALIASES[name]), name, agents.rows)
  const keys = coded('agent_id')
  const ids = new Map<string, number>()
  for (let row = 0; row < agents.rows; row++) {
    const id = keys.at(row)
    if (id === null) continue
    const first = ids.get(id)
    if (first !== undefined) {
      throw new ContractError(
        'dimension_duplicate_key',
        `${file} lines ${lineOf(first)} and ${lineOf(row)}: the same agent_id stands on both; keep one of them`,
        { details: { file, agent_id: id, lines: [lineOf(first), lineOf(row)] } },
      )
    }
    ids.set(id, row)
  }
  return { ids, names: coded('agent_name'), regions: coded('region') }
}

/** Returns the rows of an agents list that have no id. */
export function namelessAgents(agents: Frame): number[] {
  const ids = coalesceCodes(aliasedColumns(agents, AGENT_ALIASES.agent_id), 'agent_id', agents.rows)
  return Array.from(ids.codes.keys()).filter((row) => ids.isNull(row))
}

/** The agent ids of calls, joined: a row per call. */
export interface JoinedAgents {
  readonly names: DictionaryColumn
  readonly regions: DictionaryColumn
  /** Calls whose agent is not in the list, or who name none. */
  readonly unknown: number
}

/** Returns the name and region of each call's agent; an agent who is not in the list, or a blank cell, is `Unknown`. */
export function joinAgents(agentIds: DictionaryColumn, agents: AgentLookup): JoinedAgents {
  const rows = Int32Array.from(agentIds.values, (id) => agents.ids.get(id) ?? -1)
  let unknown = 0
  for (const code of agentIds.codes) if (code < 0 || (rows[code] as number) < 0) unknown++
  const attribute = ({ codes, values }: DictionaryColumn) => {
    const known = values.indexOf(UNKNOWN)
    const unknownCode = known < 0 ? values.length : known
    const byId = rows.map((row) => {
      const code = row < 0 ? -1 : (codes[row] as number)
      return code < 0 ? unknownCode : code
    })
    return new DictionaryColumn(
      agentIds.codes.map((code) => (code < 0 ? unknownCode : (byId[code] as number))),
      known < 0 ? [...values, UNKNOWN] : values,
    )
  }
  return { names: attribute(agents.names), regions: attribute(agents.regions), unknown }
}
