/** Facts and dimensions of small lakes. */
import { describe, expect, it } from 'vitest'
import { complaintMarts, type LakeRows } from '../../../../src/systems/complaints/figures/marts.ts'

const at = (text: string): Date => new Date(`2025-${text}:00Z`)

const complaint = (cells: Partial<LakeRows['complaints'][number]>): LakeRows['complaints'][number] => ({
  ...{ complaint_id: 'A', channel: 'web form', platform: null, customer_id: 'c1', agent_id: '7', category: 'Payments' },
  ...{ status: 'Backlog', opened_at: at('01-01T10:00'), ended_at: null, resolved_at: null },
  ...{ delivered_on: '2025-02-01', remarks: null, ...cells },
})
const version = (number: number, from: string, to: string | null): LakeRows['agentVersions'][number] => ({
  ...{ agent_id: '7', version: number, name: 'Ada', experience: 'Senior', state: null },
  ...{ valid_from: at(from), valid_to: to === null ? null : at(to) },
})
const none = { complaints: [], customers: [], agentVersions: [] }

describe('complaintMarts', () => {
  it('has the Unknown member alone of an empty lake', () => {
    const { dim_agents, fct_complaints, fct_complaint_lifecycles } = complaintMarts(none)
    expect([dim_agents.map(({ agent_key }) => agent_key), fct_complaints, fct_complaint_lifecycles]).toEqual([
      ['-1'],
      [],
      [],
    ])
  })

  it('takes the version of an agent that counted when the complaint was opened; a gap belongs to the version before it', () => {
    const agentVersions = [version(2, '03-01T00:00', null), version(1, '01-15T00:00', '02-01T00:00')]
    const opened = ['01-01T00:00', '02-15T00:00', '02-28T23:59', '03-01T00:00']
    const complaints = [
      ...opened.map((text, id) => complaint({ complaint_id: `${id}`, opened_at: at(text) })),
      complaint({ complaint_id: '8', agent_id: null }),
      complaint({ complaint_id: '9', agent_id: '70' }),
    ]
    const { fct_complaints } = complaintMarts({ ...none, complaints, agentVersions })
    expect(fct_complaints.map(({ agent_key }) => agent_key)).toEqual(['7.1', '7.1', '7.1', '7.2', '-1', '-1'])
  })

  it('keeps complaints of one id apart by channel', () => {
    const complaints = [complaint({}), complaint({ channel: 'call' })]
    expect(complaintMarts({ ...none, complaints }).fct_complaints.map(({ complaint_key }) => complaint_key)).toEqual([
      'call:A',
      'web form:A',
    ])
  })

  it('counts whole seconds, and says of the service level nothing while nobody can know', () => {
    const complaints = [
      complaint({ complaint_id: '1', resolved_at: new Date(at('01-01T10:00').getTime() + 1999) }),
      complaint({ complaint_id: '2', resolved_at: at('01-04T10:00') }),
      complaint({ complaint_id: '3', resolved_at: new Date(at('01-04T10:00').getTime() + 1000) }),
      complaint({ complaint_id: '4', opened_at: at('01-30T00:00') }),
      complaint({ complaint_id: '5', opened_at: new Date(at('01-30T00:00').getTime() - 1000) }),
    ]
    const { fct_complaints } = complaintMarts({ ...none, complaints })
    expect(fct_complaints.map(({ resolution_seconds, is_within_sla }) => [resolution_seconds, is_within_sla])).toEqual([
      [1, true],
      [259_200, true],
      [259_201, false],
      [null, null],
      [null, false],
    ])
  })

  it('tells a resolution that was taken back', () => {
    const complaints = [
      complaint({ delivered_on: '2025-02-03' }),
      complaint({ delivered_on: '2025-02-02', status: 'Resolved', resolved_at: at('01-02T00:00') }),
    ]
    const { fct_complaint_lifecycles, fct_complaints } = complaintMarts({ ...none, complaints })
    const [{ first_status, last_status, resolved_on, backlog_on, is_reopened, days_tracked } = {} as never] =
      fct_complaint_lifecycles
    expect([first_status, last_status, resolved_on, backlog_on, is_reopened, days_tracked]).toEqual([
      ...['Resolved', 'Backlog', '2025-02-02', '2025-02-03', true, 1],
    ])
    expect(fct_complaints.map(({ is_resolved, deliveries }) => [is_resolved, deliveries])).toEqual([[false, 2]])
  })
})
