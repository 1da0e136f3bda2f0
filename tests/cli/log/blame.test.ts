import { describe, expect, it } from 'vitest'
import { places } from '../said.ts'

describe('support-etl blame', () => {
  it('lists the cells of a row with the file and line that wrote each', async () => {
    const { data, out, said } = places()
    await said('run', '--data', data, '--out', out)
    expect(await said('blame', 'agents', 'A06', '--data', data, '--out', out)).toMatchInlineSnapshot(`
      "agents A06

      column             value           written by                     row  line
      -----------------  --------------  -----------------------------  ---  ----
      agent_id           A06             delta/agents_delta_202503.csv    3     4
      full_name          Lucia Ferrante  delta/agents_delta_202503.csv    3     4
      contact_center_id  040             delta/agents_delta_202503.csv    3     4
      hire_date          2025-03-10      delta/agents_delta_202503.csv    3     4
      category_id        MOVE            delta/agents_delta_202503.csv    3     4

      delta/agents_delta_202503.csv, line 4
        A06,Lucia Ferrante,040,2025-03-10,MOVE,add
      --- status 0
      "
    `)
    const json = JSON.parse(
      (await said('blame', 'agents', 'A06', '--data', data, '--out', out, '--json')).split('---')[0] ?? '',
    )
    expect(json.cells[0]).toMatchObject({
      column: 'agent_id',
      value: 'A06',
      origin: { source: { line: expect.any(Number) } },
    })
    expect(await said('blame', 'agnts', 'A06', '--data', data, '--out', out)).toContain('did you mean "agents"?')
    expect(await said('blame', 'agents', '--data', data, '--out', out)).toContain('such as: blame agents A06')
    expect(await said('blame', 'agents', 'A99', '--data', data, '--out', out)).toContain(
      'agents never had a row with this agent_id',
    )
  })
})
