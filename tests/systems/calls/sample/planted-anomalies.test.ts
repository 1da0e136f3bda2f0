import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { parquetFrame } from '../../../../src/format/parquet/parquet.ts'
import { callAnomalies } from '../../../../src/systems/calls/figures/anomalies.ts'
import { callSet } from '../../../../src/systems/calls/figures/report.ts'
import { runCalls } from '../../../../src/systems/calls/job/run-calls.ts'
import { callLog, type GroundTruth } from '../../../../src/systems/calls/sample/call-log.ts'
import { bytesOf, filesIn } from '../places.ts'

describe('callAnomalies', () => {
  it('finds everything that the generator planted, and nothing that follows from nothing', async () => {
    const store = memoryStore()
    for (const { name, chunks } of callLog({ calls: 8000, seed: 11 })) await store.write(name, chunks())
    await runCalls(filesIn(store))
    const truth = JSON.parse(new TextDecoder().decode(await bytesOf(store, 'ground_truth.json'))) as GroundTruth
    const frame = await parquetFrame(await bytesOf(store, 'cleaned_calls.parquet'))
    const ids = frame.columns.get('call_id')
    const findings = callAnomalies(callSet(frame))
    const found = (anomaly: string) => findings.filter((one) => one.anomaly === anomaly).map(({ row }) => ids?.at(row))
    expect(found('duration_outlier').sort()).toEqual([...truth.duration_outlier].sort())
    expect(found('rating_out_of_range').sort()).toEqual([...truth.rating_out_of_range].sort())
    // a call that nobody hung up overlaps all that its agent took meanwhile
    const outliers = new Set<unknown>(truth.duration_outlier)
    const unexplained = findings.filter(
      ({ anomaly, other }) => anomaly === 'agent_overlap' && !outliers.has(ids?.at(other ?? -1)),
    )
    expect(unexplained.map(({ row }) => ids?.at(row)).sort()).toEqual([...truth.agent_overlap].sort())
    expect(truth.agent_overlap.length).toBeGreaterThan(0)
  })
})
