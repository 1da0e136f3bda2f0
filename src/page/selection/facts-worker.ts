/**
 * Holds facts in a worker and answers questions about them, so that the page stays responsive.
 * @module
 */
import { csvChunks } from '../../format/csv/write/write.ts'
import { joinChunks } from '../../table/chunks.ts'
import type { SiteRequest } from '../site/fetch-site.ts'
import { readSiteFile } from '../site-file.ts'
import { answerQuestions } from '../worker/answer-questions.ts'
import { cellOf, type FactHeader, type FactSet } from './fact-set.ts'
import type { FactAnswer, FactQuestion } from './facts.ts'
import { factsFrame } from './facts-frame.ts'
import { readFacts } from './read-facts.ts'
import {
  columnFigures,
  type FactSelection,
  orderFacts,
  pageOfFacts,
  rowsOfSelection,
  selectFacts,
} from './selection.ts'

let set: FactSet | null = null
let selection: FactSelection | null = null
const orders = new Map<string, Int32Array>()

/** The order of a column, computed when it is first asked for; the set's own order without a column. */
function orderOf(facts: FactSet, column: string | null): Int32Array {
  const name = column ?? ''
  let order = orders.get(name)
  if (order === undefined) {
    order = column === null ? Int32Array.from({ length: facts.rows }, (_, row) => row) : orderFacts(facts, column)
    orders.set(name, order)
  }
  return order
}

async function open(file: SiteRequest, tell: (share: number) => void): Promise<FactAnswer> {
  set = await readSiteFile(file, 'The rows', (opened) => readFacts(opened, tell))
  selection = null
  orders.clear()
  const headers = Array.from(set.columns, ([name, { kind }]): FactHeader => ({ name, kind }))
  return { kind: 'opened', rows: set.rows, headers }
}

async function answer(question: FactQuestion, tell: (share: number) => void): Promise<FactAnswer> {
  if (question.kind === 'open') return open(question.file, tell)
  if (set === null) throw new Error('No table is open.')
  selection = selectFacts(set, question.filters, selection ?? undefined)
  if (question.kind === 'figures') return { kind: 'figures', figures: columnFigures(selection, question.column) }
  const order = orderOf(set, question.sort)
  if (question.kind === 'csv') {
    const chosen = selection
    const inOrder = Int32Array.from(
      pageOfFacts(chosen, order, { direction: question.direction, from: 0, size: set.rows }),
    )
    return { kind: 'csv', bytes: joinChunks([...csvChunks(factsFrame(set, inOrder), { formulas: 'escape' })]) }
  }
  const { columns } = set
  const rows = pageOfFacts(selection, order, question)
  return {
    kind: 'page',
    total: rowsOfSelection(selection).length,
    rows: rows.map((row) => Array.from(columns.values(), (column) => cellOf(column, row))),
  }
}

answerQuestions<FactQuestion, FactAnswer>(async (question, tell) => {
  const said = await answer(question, tell)
  return { answer: said, ...(said.kind === 'csv' && { transfer: [said.bytes] }) }
})
