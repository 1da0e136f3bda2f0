/**
 * Holds the calls in a worker, filters them and computes what the page shows.
 * @module
 */
import { csvChunks } from '../../../format/csv/write/write.ts'
import type { SiteRequest } from '../../../page/site/fetch-site.ts'
import { readSiteFile, SiteFileError } from '../../../page/site-file.ts'
import { answerQuestions, type GivenAnswer } from '../../../page/worker/answer-questions.ts'
import { joinChunks } from '../../../table/chunks.ts'
import type { CallSet } from '../figures/call-set.ts'
import { callFrame } from '../figures/frame.ts'
import { type CallColumn, orderCalls } from '../figures/order.ts'
import { type CallSelection, selectCalls, selectedRows } from '../figures/selection.ts'
import { readCalls, UnreadableCalls } from './call-reader.ts'
import { type CallsOverview, callsFigures, callsRows, overviewOf } from './calls-figures.ts'
import type { CallsAnswer, CallsQuestion } from './load.ts'

/** The calls that are open, and what was made of them. */
interface Opened {
  readonly set: CallSet
  readonly overview: CallsOverview
  readonly orders: Map<CallColumn, Int32Array>
}

let opened: Opened | null = null
let selection: CallSelection | null = null

async function open(file: SiteRequest, tell: (share: number) => void): Promise<CallsOverview> {
  const set = await readSiteFile(file, 'The calls', (opened) => readCalls(opened, tell)).catch((error: unknown) => {
    if (error instanceof UnreadableCalls || error instanceof SiteFileError) throw error
    throw new UnreadableCalls('The file of calls could not be read: it is damaged.')
  })
  opened = { set, overview: overviewOf(set), orders: new Map() }
  selection = null
  return opened.overview
}

/** The order of a column, computed when it is first asked for. */
function orderIn({ set, orders }: Opened): (column: CallColumn) => Int32Array {
  return (column) => {
    const order = orders.get(column) ?? orderCalls(set, column)
    orders.set(column, order)
    return order
  }
}

answerQuestions<CallsQuestion, CallsAnswer>(async (question, tell): Promise<GivenAnswer<CallsAnswer>> => {
  if (question.kind === 'open') {
    return { answer: { kind: 'opened', overview: await open(question.file, tell) } }
  }
  if (opened === null) throw new Error('No calls are open.')
  selection = selectCalls(opened.set, question.filter, selection ?? undefined)
  if (question.kind === 'figures') {
    return { answer: { kind: 'figures', figures: callsFigures(selection, opened.overview) } }
  }
  if (question.kind === 'rows') {
    return { answer: { kind: 'rows', rows: callsRows(selection, opened.overview, question.order, orderIn(opened)) } }
  }
  // text that a spreadsheet would run as a formula is escaped
  const frame = callFrame(opened.set, selectedRows(selection))
  const bytes = joinChunks([...csvChunks(frame, { formulas: 'escape' })])
  return { answer: { kind: 'csv', bytes }, transfer: [bytes] }
})
