/**
 * Holds the cells of a commit in a worker and counts them, so that the page stays responsive with a million.
 * @module
 */

import { fetchSite, type SiteRequest } from '../../../page/site/fetch-site.ts'
import { answerQuestions, type GivenAnswer } from '../../../page/worker/answer-questions.ts'
import { joinChunks } from '../../../table/chunks.ts'
import { countCells } from '../figures/cell-counts.ts'
import { customersCsv } from './customers-csv.ts'
import type { InteractionsAnswer, InteractionsQuestion } from './load.ts'
import { shownCounts } from './shown-counts.ts'
import { type InteractionsOverview, type InteractionsSnapshot, overviewOf } from './snapshot.ts'

let snapshot: InteractionsSnapshot | null = null

async function open(file: SiteRequest): Promise<InteractionsOverview | null> {
  const response = await fetchSite(file)
  if (!response.ok) throw new Error(`The interactions could not be fetched (${response.status}).`)
  // written by this package, beside this page
  snapshot = (await response.json()) as InteractionsSnapshot | null
  return snapshot && overviewOf(snapshot)
}

answerQuestions<InteractionsQuestion, InteractionsAnswer>(
  async (question): Promise<GivenAnswer<InteractionsAnswer>> => {
    if (question.kind === 'open') return { answer: { kind: 'opened', overview: await open(question.file) } }
    if (snapshot === null) throw new Error('No interactions are open.')
    if (question.kind === 'counts') return { answer: { kind: 'counts', found: shownCounts(snapshot, question.state) } }
    const bytes = joinChunks([...customersCsv(countCells(snapshot, question.state))])
    return { answer: { kind: 'csv', bytes }, transfer: [bytes] }
  },
)
