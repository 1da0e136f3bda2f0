/** What callers without types do to public functions: they leave arguments out, and misspell options. */
import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as system from '../src/cli/index.ts'
import * as connect from '../src/connect/index.ts'
import * as engine from '../src/engine/index.ts'
import { EtlError } from '../src/errors.ts'
import * as format from '../src/format/index.ts'
import * as core from '../src/index.ts'
import * as metrics from '../src/metrics/index.ts'
import * as pipeline from '../src/pipeline/index.ts'
import * as server from '../src/server/index.ts'
import * as calls from '../src/systems/calls/index.ts'
import * as complaints from '../src/systems/complaints/index.ts'
import * as talks from '../src/systems/interactions/index.ts'
import * as support from '../src/systems/support/index.ts'
import * as transcripts from '../src/systems/transcripts/index.ts'

/** The arguments that a function needs, and whether options follow; `needed`: they are the last one of those. */
interface Signature {
  readonly args: readonly unknown[]
  readonly options?: 'none' | 'last' | 'needed'
}

const { callLog, callSet, cleanCalls, selectCalls } = calls
const { defineTable, key, string, supportCube } = core
const rows = table({ id: ['a'], at: ['2025-01-01T00:00:00Z'] })
const delta = table({ id: ['a'], at: ['2025-01-01T00:00:00Z'], action: ['update'] })
const halls = defineTable('halls', { id: key(string()) })
const bytes = new TextEncoder().encode('id\nH1\n')
const log = table({
  call_id: ['c1'],
  agent_id: ['A1'],
  start_time: ['2025-01-01T10:00:00Z'],
  end_time: ['2025-01-01T10:04:00Z'],
  issue_type: ['billing'],
  resolution: ['resolved'],
})
const list = table({ agent_id: ['A1'], name: ['Ada'], region: ['North'] })
const set = callSet(cleanCalls(log, list).calls)
const selection = selectCalls(set)
const interactions = table({
  interaction_start: ['2025-02-03T15:00Z'],
  agent_resolution_timestamp: ['2025-02-03T15:09Z'],
  interaction_end: ['2025-02-03T15:09Z'],
  satisfaction_rating: [4],
  contact_center_id: ['C1'],
  category_id: ['K1'],
  channel: ['phone'],
  call_duration_minutes: [4],
})
const contactCenters = table({ contact_center_id: ['C1'], contact_center_name: ['Oslo'] })
const serviceCategories = table({ category_id: ['K1'], department: ['Care'] })
const cube = supportCube(interactions)
const report = core.buildSupportReport({ interactions, contactCenters, serviceCategories })
const store = connect.memoryStore()
const file = { store, name: 'x.csv' }
const { supportJob } = support
const complaintSet = {
  ...{ rows: 0, agents: [], customers: 0, seenAt: 0 },
  ...{ channel: new Uint8Array(), platform: new Uint8Array(), category: new Uint8Array(), status: new Uint8Array() },
  ...{ agent: new Int32Array(), customer: new Int32Array() },
  ...{ openedAt: new Float64Array(), resolvedAt: new Float64Array() },
}
const copies = core.defineTable('copies', { id: core.key(string()) })
const derivedJob = pipeline.defineJob({
  name: 'halls',
  options: { zone: pipeline.zoneOption('UTC', { help: 'of days' }) },
  tables: { halls: { contract: halls, source: pipeline.extractsAndDeltas() } },
  derived: { copies: { from: 'halls', contract: copies, rows: pipeline.eachRow(copies, copies, (row) => row) } },
})
const visitsJob = pipeline.defineJob({
  name: 'visits',
  tables: {
    copies: {
      contract: copies,
      source: pipeline.partitions({ prefix: 'x/', name: '{day}.csv', format: pipeline.csv(), originals: 'keep' }),
    },
  },
  erasure: {
    keysIn: (text: string) => text.match(/G[0-9]+/g) ?? [],
    tables: { copies: { columns: ['id'], rows: 'replace' } },
  },
})
const hallsRoute = {
  ...{ method: 'get', path: '/api/v1/halls', scope: 'read', summary: 'x', description: 'x', reads: 'data' },
  ...{ answer: z.string(), handle: async () => 'x' },
}
const page = { page: 1, per_page: 2 }
const spoken = table({
  call_id: ['C1'],
  agent_name: ['Ann'],
  timestamp: ['2025-03-01T10:00:00Z'],
  transcript_text: ['Agent: Hi.'],
})
const { analytics } = transcripts.analyseTranscripts(transcripts.cleanTranscripts(spoken).records)
const hallsPlan = engine.foldPlan(halls, { staged: 'staged_halls' })
const duckdb = engine.dialectOf('duckdb')
const hallsSystem = { name: 'halls', title: 'Halls', jobs: async () => [] }

const SIGNATURES: Readonly<Record<string, Signature>> = {
  boolean: { args: [] },
  date: { args: [] },
  float64: { args: [] },
  int32: { args: [] },
  int64: { args: [] },
  key: { args: [string()] },
  measure: { args: [core.float64()] },
  metadata: { args: [string()] },
  nullable: { args: [string()] },
  recorded: { args: ['created'] },
  reference: { args: ['halls', string()] },
  string: { args: [], options: 'last' },
  timestamp: { args: [], options: 'last' },
  defineTable: { args: ['halls', { id: string() }], options: 'last' },
  checkTable: { args: [rows, halls] },
  toTemporal: { args: [rows, 'at'] },
  toArquero: { args: [core.toFrame(rows)] },
  toArrow: { args: [core.toFrame(rows)] },
  toFrame: { args: [rows] },
  applyDelta: { args: [rows, delta, 'id'], options: 'last' },
  changedRows: { args: [rows, delta, 'id'], options: 'last' },
  summarizeDelta: { args: [rows, delta, 'id'], options: 'last' },
  composeDeltas: { args: [delta, delta, 'id'] },
  diffTables: { args: [rows, rows, 'id'] },
  history: { args: [rows, [], 'id', { initialAt: '2025-01' }], options: 'needed' },
  convertTimeZone: { args: [rows, 'at', 'UTC'], options: 'last' },
  localDate: { args: [rows, 'at', 'UTC'], options: 'last' },
  localHour: { args: [rows, 'at', 'UTC'], options: 'last' },
  localMonth: { args: [rows, 'at', 'UTC'], options: 'last' },
  joinDimension: { args: [interactions, contactCenters, { on: 'contact_center_id', select: [] }], options: 'needed' },
  buildSupportReport: { args: [{ interactions, contactCenters, serviceCategories }], options: 'last' },
  supportCube: { args: [interactions], options: 'last' },
  updateSupportCube: { args: [cube, { before: interactions, after: interactions }] },
  mergeSupportCubes: { args: [cube, cube] },
  supportReport: { args: [cube, { contactCenters, serviceCategories }] },
  busiestMonth: { args: [report] },
  longestAverageCall: { args: [report] },
  interactionsByContactCenter: { args: [report], options: 'last' },
  callsByContactCenter: { args: [report], options: 'last' },
  handleTime: { args: [interactions, contactCenters], options: 'last' },
  callsAfterResolution: { args: [interactions, contactCenters], options: 'last' },
  callLog: { args: [{ calls: 100 }], options: 'needed' },
  interactionFiles: { args: [{ interactions: 100 }], options: 'needed' },
  interactionAnomalies: { args: [{ channels: [], customers: [], unknownCustomers: [] }] },
  cleanCalls: { args: [log, list], options: 'last' },
  callSet: { args: [cleanCalls(log, list).calls] },
  selectCalls: { args: [set], options: 'last' },
  selectedRows: { args: [selection] },
  summarizeCalls: { args: [cleanCalls(log, list).calls, {}], options: 'last' },
  callAnomalies: { args: [set] },
  callDurations: { args: [selection] },
  callHeatMap: { args: [selection] },
  callKpis: { args: [selection] },
  callTimeline: { args: [selection], options: 'last' },
  callsBy: { args: [selection, 'region'] },
  contactFigures: { args: [selection] },
  agentLeaderboard: { args: [selection], options: 'last' },
  filterFromQuery: { args: ['period=7d'] },
  filterToQuery: { args: [{}] },
  manifestHash: { args: [{ content_hash: 'x' }] },
  percentiles: { args: [Float64Array.of(1), [0.5]] },
  wilsonInterval: { args: [1, 2] },
  shareDifferenceInterval: { args: [1, 2, 1, 2] },
  meanDifferenceInterval: { args: [Float64Array.of(1), Float64Array.of(1)] },
  oddValue: { args: [Float64Array.of(1)] },
  dialect: { args: [{ delimiter: ';' }], options: 'needed' },
  readCsv: { args: [bytes, halls], options: 'last' },
  checkCsv: { args: [bytes, halls], options: 'last' },
  readJson: { args: [bytes, halls], options: 'last' },
  readJsonLines: { args: [bytes, halls], options: 'last' },
  readParquet: { args: [bytes, halls], options: 'last' },
  readArrow: { args: [bytes, halls], options: 'last' },
  writeCsv: { args: [rows], options: 'last' },
  writeJson: { args: [rows] },
  writeJsonLines: { args: [rows] },
  writeParquet: { args: [rows], options: 'last' },
  writeArrow: { args: [rows], options: 'last' },
  folderStore: { args: ['x'], options: 'last' },
  mountedStores: { args: [{ 'x/': store }] },
  openStore: { args: ['x'], options: 'last' },
  s3Store: { args: ['s3://bucket/x'], options: 'last' },
  isolatedParquet: { args: [], options: 'last' },
  memoryRows: { args: [halls, []] },
  memoryStore: { args: [] },
  complaintsWorld: { args: [], options: 'last' },
  complaintMarts: { args: [{ complaints: [], customers: [], agentVersions: [] }], options: 'last' },
  complaintInsights: { args: [complaintSet], options: 'last' },
  readComplaints: { args: [], options: 'last' },
  reconcile: { args: [], options: 'last' },
  runCalls: { args: [{ calls: file, agents: file, output: file, manifest: file }], options: 'last' },
  readAgents: { args: [file] },
  readCallLog: { args: [file] },
  readManifest: { args: [file] },
  writeManifest: { args: [file, {}] },
  checkSource: { args: [supportJob], options: 'last' },
  appends: {
    args: [{ prefix: 'x/', name: '*.csv', format: pipeline.csv(), sequenceBy: null }],
    options: 'needed',
  },
  arrow: { args: [] },
  csv: { args: [], options: 'last' },
  json: { args: [], options: 'last' },
  jsonColumns: { args: [], options: 'last' },
  jsonLines: { args: [], options: 'last' },
  parquet: { args: [] },
  objects: { args: [{ prefix: 'x/', name: '{id}.json', format: pipeline.json() }], options: 'needed' },
  followCommits: { args: [supportJob, pipeline.pglite()], options: 'last' },
  eraseKeys: { args: [visitsJob, { out: store, keys: ['G1'] }], options: 'needed' },
  deliverState: { args: [supportJob, { out: store, destinations: [pipeline.pglite()] }], options: 'needed' },
  pglite: { args: [], options: 'last' },
  postgres: { args: [{ url: 'postgres://localhost/x' }], options: 'needed' },
  partitions: {
    args: [{ prefix: 'x/', name: '{day}.csv', format: pipeline.csv() }],
    options: 'needed',
  },
  snapshots: { args: [{ file: 'x.csv', format: pipeline.csv() }], options: 'needed' },
  choice: { args: ['a', ['a', 'b'], { help: 'x' }], options: 'needed' },
  diffCommits: { args: [supportJob], options: 'last' },
  createCli: { args: [[hallsSystem], { version: '1.0.0' }], options: 'needed' },
  defineJob: { args: [supportJob] },
  extractsAndDeltas: { args: [], options: 'last' },
  eachRow: { args: [halls, halls, (row: object) => row] },
  refuseRow: { args: [{ code: 'null_value', expected: 'a name' }] },
  findRowDependence: { args: [derivedJob, 'copies', rows], options: 'last' },
  numberOption: { args: [1, { help: 'x', least: 0, most: 2 }], options: 'needed' },
  textOption: { args: ['a', { help: 'x' }], options: 'needed' },
  zoneOption: { args: ['UTC', { help: 'x' }], options: 'needed' },
  collectGarbage: { args: [], options: 'last' },
  explainFigure: { args: [supportJob, { out: store, output: 'support_report', cells: {} }], options: 'needed' },
  loadTemporal: { args: [] },
  nodeEffects: { args: [] },
  planRun: { args: [supportJob], options: 'last' },
  inspectFile: { args: [bytes], options: 'last' },
  readDeclaration: { args: [bytes] },
  declarationSchema: { args: [] },
  withDeclaredFormats: { args: [supportJob, { file: 'd.json', tables: {} }], options: 'last' },
  readHistory: { args: [supportJob, { out: store, table: 'agents' }], options: 'needed' },
  readLoggedJob: { args: [], options: 'last' },
  mendRows: { args: [visitsJob, { out: store, rows: [] }], options: 'needed' },
  readQuarantine: { args: [], options: 'last' },
  rowsToMend: { args: [visitsJob], options: 'last' },
  readState: { args: [supportJob], options: 'last' },
  readStatus: { args: [], options: 'last' },
  renderJson: { args: [] },
  renderTable: { args: [[{ title: 'n' }], [[1]]], options: 'last' },
  runPipeline: { args: [supportJob], options: 'last' },
  analyseTranscript: { args: ['Agent: Hi.'], options: 'last' },
  analyseTranscripts: { args: [transcripts.cleanTranscripts(spoken).records], options: 'last' },
  checkRulePack: { args: [transcripts.defaultRules] },
  cleanTranscripts: { args: [spoken], options: 'last' },
  evaluateCalls: { args: [[]], options: 'last' },
  extendRules: { args: [transcripts.defaultRules, 'shop', '1', {}], options: 'needed' },
  maskPersonalDetails: { args: ['Agent: Hi.'] },
  metricsByDay: { args: [analytics], options: 'last' },
  parseTurns: { args: ['Agent: Hi.'] },
  performanceByAgent: { args: [analytics] },
  performanceByTeam: { args: [analytics, table({ agent_name: ['Ann'], team: ['North'] })] },
  sampleTranscripts: { args: [{ calls: 1 }], options: 'needed' },
  transcriptsJobOf: { args: [], options: 'last' },
  verifyState: { args: [supportJob], options: 'last' },
  erlangC: {
    args: [{ calls: 100, intervalMinutes: 30, handleSeconds: 180, agents: 14, targetSeconds: 20 }],
    options: 'needed',
  },
  agentsNeeded: {
    args: [{ calls: 100, intervalMinutes: 30, handleSeconds: 180, targetSeconds: 20, serviceLevel: 0.8 }],
    options: 'needed',
  },
  agentOccupancy: { args: [{ contactSeconds: 1, freeSeconds: 1 }], options: 'needed' },
  contactMetrics: {
    args: [
      table({ outcome: ['missed'] }),
      metrics.METRIC_PROFILES.talkdesk,
      { targetSeconds: 20, shortAbandonSeconds: 5 },
    ],
    options: 'needed',
  },
  firstContactResolution: {
    args: [
      table({ customer_id: ['C1'], issue_id: ['x'], started_at: [new Date(5)], is_resolved: [true] }),
      metrics.RESOLUTION_RULES['seven-days'],
      { from: 0, until: 10 },
    ],
    options: 'needed',
  },
  resolutionText: { args: [metrics.RESOLUTION_RULES.freshservice] },
  formulaText: { args: [metrics.METRIC_PROFILES.talkdesk.formulas[0]] },
  termText: { args: [metrics.METRIC_PROFILES.talkdesk.formulas[0]?.numerator] },
  businessCalendar: { args: [{ timeZone: 'UTC', week: {} }], options: 'needed' },
  blameRow: { args: [supportJob, { table: 'agents', key: ['A1'] }], options: 'needed' },
  whatIf: { args: [supportJob, { options: { timeZone: 'UTC' } }], options: 'needed' },
  calendarDay: { args: [] },
  calendarMonth: { args: [] },
  defineRoute: { args: [hallsRoute], options: 'needed' },
  listOf: { args: [z.string()] },
  pageOf: { args: ['/api/v1/halls', page, 3] },
  pageRows: { args: [[1, 2, 3], page] },
  requestInvalid: { args: [[]] },
  connectSpark: { args: ['sc://localhost:15002'], options: 'last' },
  openSpark: { args: ['sc://localhost:15002'], options: 'last' },
  dialectOf: { args: ['duckdb'] },
  engineState: { args: [{ out: 'output', engine: 'duckdb' }], options: 'needed' },
  openDuckdb: { args: [{ file: null }], options: 'needed' },
  openPostgres: { args: ['postgres://etl@127.0.0.1:1/none'] },
  foldPlan: { args: [halls, { staged: 'staged_halls' }], options: 'needed' },
  renderCreate: { args: ['halls', [['hall_id', 'text']], duckdb] },
  renderQuery: { args: [hallsPlan, duckdb] },
  renderReplace: { args: ['halls', hallsPlan, duckdb] },
  wholeNumber: { args: [{ least: 1 }], options: 'needed' },
}

const functions = new Map<string, (...args: unknown[]) => unknown>()
for (const room of [
  core,
  format,
  connect,
  pipeline,
  metrics,
  system,
  support,
  calls,
  transcripts,
  talks,
  complaints,
  engine,
  server,
])
  for (const [name, value] of Object.entries(room))
    if (typeof value === 'function' && !/^[A-Z]/.test(name))
      functions.set(name, value as (...args: unknown[]) => unknown)

/** What a call throws, at once or later; null where it does not. */
async function thrownBy(name: string, args: readonly unknown[]): Promise<unknown> {
  try {
    await functions.get(name)?.(...args)
    return null
  } catch (error) {
    return error
  }
}

/** The contract of a reader and the filter of a summary may be left out. */
const MAY_BE_UNDEFINED = /^(read(Csv|Json|JsonLines|Parquet|Arrow)|checkCsv|summarizeCalls)$/

describe('public functions', () => {
  it('are all called here', () => {
    expect([...functions.keys()].sort()).toEqual(Object.keys(SIGNATURES).sort())
  })

  it.each(Object.entries(SIGNATURES))('%s says what is missing, and refuses null for it', async (name, { args }) => {
    for (let given = 0; given < args.length; given++) {
      const isOptional = MAY_BE_UNDEFINED.test(name) && given === 1
      if (!isOptional) expect(await thrownBy(name, args.slice(0, given)), `${given} arguments`).toBeInstanceOf(EtlError)
      const withNull = args.with(given, null)
      expect(await thrownBy(name, withNull), `argument ${given + 1} is null`).toBeInstanceOf(EtlError)
    }
  })

  const configurable = Object.entries(SIGNATURES).filter(([, { options = 'none' }]) => options !== 'none')
  it.each(configurable)(
    '%s refuses an option that it does not have, and options that are none',
    async (name, { args, options }) => {
      const needed = options === 'needed' ? args.slice(0, -1) : args
      const last = options === 'needed' ? (args.at(-1) as object) : {}
      expect(await thrownBy(name, [...needed, { ...last, noSuchOption: 1 }])).toMatchObject({
        code: 'invalid_option',
        message: expect.stringMatching(/^there is no option "noSuchOption"; the options are \w+/),
      })
      for (const none of [null, 'text', []])
        expect(await thrownBy(name, [...needed, none])).toMatchObject({
          code: 'invalid_option',
          message: expect.stringMatching(/^options is (null|a string|a list); expected an object/),
        })
    },
  )

  it.each([
    [() => core.localMonth(rows, 'at', 'UTC', { sourceTimezone: 'EST' } as object), 'sourceTimeZone'],
    [() => core.applyDelta(rows, delta, 'id', { updateMising: 'error' } as object), 'updateMissing'],
    [() => core.supportCube(interactions, { zone: 'EST' } as object), 'timeZone'],
    [() => format.readCsv(bytes, halls, { delimeter: ';' } as object), 'delimiter'],
    [() => callLog({ calls: 100, sead: 2 } as { calls: number }), 'seed'],
  ])('suggest the option that was meant: %#', (call, meant) => {
    expect(call).toThrow(`did you mean "${meant}"? The options are `)
  })

  it('say how joinDimension is called', () => {
    // @ts-expect-error the options are missing
    expect(() => core.joinDimension(rows, rows)).toThrow(
      'options is undefined; expected an object with on, select, unknown',
    )
    // @ts-expect-error select is missing
    expect(() => core.joinDimension(rows, rows, { on: 'id' })).toThrow(
      'select is undefined; expected the name of a column, several, or { new_name: attribute }',
    )
  })

  it('say how buildSupportReport is called', () => {
    // @ts-expect-error the tables are missing
    expect(() => core.buildSupportReport()).toThrow(
      'tables is undefined; expected { interactions, contactCenters, serviceCategories }',
    )
  })
})
