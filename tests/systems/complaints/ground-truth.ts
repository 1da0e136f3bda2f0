/** Compares a lake with the ground truth of its world: every file's counts, and where every planted fault has ended. */
import { expect } from 'vitest'
import type { memoryStore } from '../../../src/connect/index.ts'
import { readQuarantine, readState } from '../../../src/pipeline/index.ts'
import { complaintsJob } from '../../../src/systems/complaints/job/complaints-job.ts'
import { reconcile } from '../../../src/systems/complaints/job/reconcile.ts'
import type { FileTruth, PlantedFault } from '../../../src/systems/complaints/sample/ground-truth.ts'
import { objectsOf, rowsOf } from './worlds.ts'

type Place = ReturnType<typeof memoryStore>

const CLEANED: Readonly<Record<string, string>> = {
  raw_customers: 'customers',
  raw_call_logs: 'call_logs',
  raw_social_media: 'social_media',
  raw_web_forms: 'web_forms',
}

/** Expects each delivery to have the counts of the truth, and no row to be lost. */
export async function expectCounts(out: Place, files: readonly FileTruth[], agents: number): Promise<void> {
  const { deliveries, isWhole } = await reconcile({ out })
  expect(isWhole).toBe(true)
  const found = deliveries
    .filter(({ table }) => table !== 'agents')
    .map(({ table, day, file, source, duplicate, refused, quarantined, cleaned }) => {
      return { table: `raw_${table}`, day, file, source, duplicate, refused, quarantined, accepted: cleaned }
    })
  const inOrder = (list: readonly FileTruth[]) => list.toSorted((a, b) => (a.file < b.file ? -1 : 1))
  expect(inOrder(found)).toEqual(inOrder(files))
  expect(deliveries.find(({ table }) => table === 'agents')).toMatchObject({ source: agents, cleaned: agents })
}

interface Row {
  readonly [column: string]: unknown
}

/** The end of each fault, found in the lake; for a fault that has not ended anywhere, `nowhere`. */
export async function endsOf(
  out: Place,
  files: readonly FileTruth[],
  faults: readonly PlantedFault[],
): Promise<string[]> {
  const { rows: waiting } = await readQuarantine({ out })
  const issue = new Map<string, Set<string>>()
  for (const { table, file, row, code } of waiting) {
    const key = `${table} ${file} ${row}`
    issue.set(key, (issue.get(key) ?? new Set()).add(code))
  }
  const tableOf = new Map(files.map(({ file, table }) => [file, table]))
  const cleaned = new Map<string, Row[]>()
  for (const raw of new Set(tableOf.values())) {
    const table = CLEANED[raw] as string
    const key = table === 'customers' ? 'customer_id' : 'complaint_id'
    for (const row of await rowsOf(out, table)) {
      const at = `${table} ${row[key]}`
      cleaned.set(at, [...(cleaned.get(at) ?? []), row])
    }
  }
  const state = await readState(complaintsJob, { out })
  const agents = new Set(objectsOf(await state.loadTable('agents')).map(({ agent_id }) => agent_id))
  const shared = new Set(objectsOf(await state.loadOutput('email_collisions')).map(({ email }) => email))
  return faults.map(({ file, row, kind, ends, code, remark, key }) => {
    const raw = tableOf.get(file) as string
    const table = CLEANED[raw] as string
    const codes = issue.get(`${ends === 'quarantined' ? table : raw} ${file} ${row}`)
    const here = cleaned.get(`${table} ${key}`)?.filter((one) => one.file === file) ?? []
    const [one] = here
    const words = String((table === 'customers' ? one?.doubts : one?.remarks) ?? '').split(' ')
    const isThere = {
      duplicate: codes?.has('base_duplicate_key') === true && here.length === 1,
      refused: codes?.has(code as never) === true && here.length === 0,
      quarantined: codes !== undefined && [...codes].join(' ') === code && here.length === 0,
      repaired: words.includes(remark as string),
      doubtful: words.includes(remark as string),
      unknown:
        one !== undefined &&
        (one.agent_id === null ||
          !agents.has(one.agent_id) ||
          cleaned.get(`customers ${one.customer_id}`) === undefined),
      // the complaint is there twice, in two states
      replaced: new Set((cleaned.get(`${table} ${key}`) ?? []).map((each) => each.status)).size === 2,
      kept: one?.email === one?.email_original && one !== undefined,
      collision: shared.has(one?.email),
    }
    return isThere[ends]
      ? `${kind}: ${ends}`
      : `${kind}: nowhere (${file} row ${row}, expected ${ends} ${code ?? remark ?? ''})`
  })
}

/** Expects every fault to end where the truth says, and nothing else to be set aside or remarked upon. */
export async function expectEnds(
  out: Place,
  files: readonly FileTruth[],
  faults: readonly PlantedFault[],
): Promise<void> {
  expect(await endsOf(out, files, faults)).toEqual(faults.map(({ kind, ends }) => `${kind}: ${ends}`))
  const { rows } = await readQuarantine({ out })
  const setAside = faults.filter(({ ends }) => ['duplicate', 'refused', 'quarantined'].includes(ends))
  const place = ({ file, row }: { readonly file: string; readonly row: number }) => `${file} ${row}`
  expect([...new Set(rows.map(place))].sort()).toEqual([...new Set(setAside.map(place))].sort())
  const remarks: string[] = []
  for (const table of ['call_logs', 'social_media', 'web_forms']) {
    for (const { complaint_id, remarks: words } of await rowsOf(out, table))
      if (words !== null) remarks.push(`${complaint_id}`)
  }
  const repaired = faults.filter(({ ends }) => ends === 'repaired').map(({ key }) => key)
  expect(remarks.sort()).toEqual(repaired.sort())
}
