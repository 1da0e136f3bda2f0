import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import { choice, defineJob, extractsAndDeltas, readStatus, runPipeline } from '../../../src/pipeline/index.ts'
import { defineTable, key, string } from '../../../src/table/contract.ts'
import { columnOf } from '../../../src/table/frame.ts'

const agents = defineTable('agents', { id: key(string()), email: string() })
const job = defineJob({
  name: 'agents',
  options: { collisions: choice('refuse', ['refuse', 'allow'], { help: 'of addresses' }) },
  tables: { agents: { contract: agents, source: extractsAndDeltas() } },
  gates: {
    emails: {
      reads: ['agents'],
      uses: ['collisions'],
      check(state, { collisions }) {
        const emails = [...columnOf(state.table('agents'), 'email')]
        const repeated = emails.length - new Set(emails).size
        return repeated === 0 || collisions === 'allow'
          ? null
          : `${repeated} agents share an address; give each its own`
      },
    },
  },
})
const delta = { 'delta/agents_delta_202502.csv': 'id,email,action\nA2,a@x,add\n' }
const extract = { 'initial/agents.csv': 'id,email\nA1,a@x\n' }

describe('a gate', () => {
  // without a copy of the table only the rows that change would be looked at
  it.each([{}, { publish: [] }])('refuses a state before it is committed, with %j', async (options) => {
    const out = memoryStore()
    await runPipeline(job, { data: memoryStore(extract), out, ...options })
    const data = memoryStore({ ...extract, ...delta })
    await expect(runPipeline(job, { data, out })).rejects.toMatchObject({
      code: 'gate_refused',
      message: 'gate emails of job agents: 1 agents share an address; give each its own; nothing was changed',
    })
    expect((await readStatus({ out })).tables).toEqual({ agents: 1 })
    const { tables } = await runPipeline(job, { data, out, collisions: 'allow' })
    expect(tables).toEqual({ agents: 2 })
  })

  it('reads tables and uses options that the job has', () => {
    const gates = (gate: object) => () =>
      defineJob({ ...job, gates: { emails: { ...job.gates?.emails, ...gate } as never } })
    expect(gates({ reads: ['agent'] })).toThrow(/gate emails that reads "agent"; there is agents/)
    expect(gates({ uses: ['collision'] })).toThrow(/gate emails that uses the option "collision"/)
  })
})
