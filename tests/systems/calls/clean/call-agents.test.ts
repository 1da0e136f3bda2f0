import { describe, expect, it } from 'vitest'
import { agentLookup, joinAgents } from '../../../../src/systems/calls/clean/call-agents.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { texts } from '../../support/figures/frames.ts'

const lineOf = (row: number) => row + 2
const list = (ids: (string | null)[], names: (string | null)[], regions: (string | null)[]) =>
  agentLookup(
    frameOf([
      ['agent_id', texts(ids)],
      ['agent_name', texts(names)],
      ['region', texts(regions)],
    ]),
    'agents.csv',
    lineOf,
  )

describe('agentLookup', () => {
  it('leaves out rows without an id, however many', () => {
    const agents = list(['A1', null, ' ', null], ['a', 'b', 'c', 'd'], ['x', 'x', 'x', 'x'])
    expect(joinAgents(texts(['A1', null, ' ']), agents)).toMatchObject({ unknown: 2 })
    expect([...joinAgents(texts(['A1', null, ' ']), agents).names]).toEqual(['a', 'Unknown', 'Unknown'])
  })

  it('tells programs which agent stands on which lines', () => {
    expect(() => list(['A1', 'A2', 'A2'], ['a', 'b', 'c'], ['x', 'x', 'x'])).toThrow(
      expect.objectContaining({
        code: 'dimension_duplicate_key',
        details: { file: 'agents.csv', agent_id: 'A2', lines: [3, 4] },
      }),
    )
  })

  it.each(['agent_id', 'agent_name', 'region'])('needs a column %s', (missing) => {
    const columns = ['agent_id', 'agent_name', 'region'].filter((name) => name !== missing)
    expect(() => agentLookup(frameOf(columns.map((name) => [name, texts(['a'])])), 'agents.csv', lineOf)).toThrow(
      `agents.csv: column "${missing}"`,
    )
  })
})

describe('joinAgents', () => {
  it('gives name and region of each call, Unknown where the list has none, and counts calls of unknown agents', () => {
    const agents = list(['A1', 'A2', 'A3'], ['Ada', null, 'Cem'], ['North', 'South', null])
    const { names, regions, unknown } = joinAgents(texts(['A3', 'A1', 'A9', 'A2', null, 'A9', 'A1']), agents)
    expect(Array.from(names)).toEqual(['Cem', 'Ada', 'Unknown', 'Unknown', 'Unknown', 'Unknown', 'Ada'])
    expect(Array.from(regions)).toEqual(['Unknown', 'North', 'Unknown', 'South', 'Unknown', 'Unknown', 'North'])
    expect(unknown).toBe(3)
  })

  it('has one word for the unknown, even where an agent is called so', () => {
    const agents = list(['A1', 'A2'], ['Unknown', 'Ada'], ['North', 'Unknown'])
    const { names, regions } = joinAgents(texts(['A1', 'A2', 'A9', null]), agents)
    expect(names.values).toEqual(['Unknown', 'Ada'])
    expect(Array.from(names)).toEqual(['Unknown', 'Ada', 'Unknown', 'Unknown'])
    expect(regions.values).toEqual(['North', 'Unknown'])
    expect(Array.from(regions)).toEqual(['North', 'Unknown', 'Unknown', 'Unknown'])
  })
})
