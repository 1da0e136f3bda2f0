/**
 * Every version of every agent, as commits brought them: a slowly changing dimension of type 2.
 * @module
 */
import type { RowOf } from '../../../table/contract.ts'
import { columnOf, type Frame, frameOf } from '../../../table/frame.ts'
import { inferColumn } from '../../../table/infer.ts'
import { type agents, agentVersions } from '../tables.ts'

type Agent = RowOf<typeof agents>
type AgentVersion = RowOf<typeof agentVersions>

const CELLS = ['agent_id', 'name', 'experience', 'state'] as const
const COLUMNS = Object.keys(agentVersions.columns)

/** The rows of a frame with some of its columns. */
function rowsOf<Row>(frame: Frame, names: readonly string[]): Row[] {
  const columns = names.map((name) => [name, columnOf(frame, name)] as const)
  return Array.from(
    { length: frame.rows },
    // the caller names the columns of the row's contract
    (_, row) => Object.fromEntries(columns.map(([name, column]) => [name, column.at(row)])) as Row,
  )
}

/** The versions of each agent, in the order in which agents first came. */
function byAgent(versions: readonly AgentVersion[]): Map<string, AgentVersion[]> {
  const found = new Map<string, AgentVersion[]>()
  for (const version of versions) {
    const known = found.get(version.agent_id)
    if (known === undefined) found.set(version.agent_id, [version])
    else known.push(version)
  }
  return found
}

const isSame = (agent: Agent, version: AgentVersion): boolean => CELLS.every((name) => agent[name] === version[name])

/**
 * Returns every version of every agent, from the agents of a commit and the versions of the commit before (null for none). A changed
 * cell ends a version and begins the next one at `committedAt` (epoch milliseconds); an agent who is gone ends one, and one who returns
 * begins another. Without a change the versions stay as they are. Agents come in the order in which they first came, the versions of
 * each one after the other.
 */
export function nextAgentVersions(agents: Frame, before: Frame | null, committedAt: number): Frame {
  const at = new Date(committedAt)
  const known = byAgent(before === null ? [] : rowsOf<AgentVersion>(before, COLUMNS))
  const now = new Map(rowsOf<Agent>(agents, CELLS).map((agent) => [agent.agent_id, agent]))
  for (const [id, versions] of known) {
    const last = versions.at(-1)
    const agent = now.get(id)
    if (last === undefined || last.valid_to !== null) continue
    if (agent === undefined || !isSame(agent, last)) versions[versions.length - 1] = { ...last, valid_to: at }
  }
  for (const [id, agent] of now) {
    const versions = known.get(id) ?? []
    if (versions.at(-1)?.valid_to === null) continue
    known.set(id, [...versions, { ...agent, version: versions.length + 1, valid_from: at, valid_to: null }])
  }
  const rows = [...known.values()].flat()
  return frameOf(
    COLUMNS.map(
      (name) =>
        [
          name,
          inferColumn(
            rows.map((row) => row[name as keyof AgentVersion]),
            name,
          ),
        ] as const,
    ),
    rows.length,
  )
}
