/**
 * Holds the complaints in a worker, selects some and computes what the page shows.
 * @module
 */

import type { FactSet } from '../../../page/selection/fact-set.ts'
import { readFacts } from '../../../page/selection/read-facts.ts'
import { columnFigures, type FactSelection, rowsOfSelection, selectFacts } from '../../../page/selection/selection.ts'
import type { SiteRequest } from '../../../page/site/fetch-site.ts'
import { readSiteFile } from '../../../page/site-file.ts'
import { answerQuestions, type GivenAnswer } from '../../../page/worker/answer-questions.ts'
import { complaintInsights } from '../figures/insights.ts'
import { factComplaints } from './fact-complaints.ts'
import type { ComplaintsAnswer, ComplaintsQuestion, DimensionCounts } from './load.ts'
import { DIMENSIONS } from './state.ts'

let set: FactSet | null = null
let selection: FactSelection | null = null

async function open(file: SiteRequest, tell: (share: number) => void): Promise<void> {
  set = await readSiteFile(file, 'The complaints', (opened) => readFacts(opened, tell))
  selection = null
}

/** Complaints by the members of each dimension, past its own filter, so that the other choices stay visible. */
function countsOf(selected: FactSelection): DimensionCounts {
  const counts = DIMENSIONS.map((name) => {
    const { members } = columnFigures(selected, name)
    return [name, Object.fromEntries(members.flatMap(({ member, rows }) => (member === null ? [] : [[member, rows]])))]
  })
  // one entry for each dimension
  return Object.fromEntries(counts) as DimensionCounts
}

answerQuestions<ComplaintsQuestion, ComplaintsAnswer>(
  async (question, tell): Promise<GivenAnswer<ComplaintsAnswer>> => {
    if (question.kind === 'open') {
      await open(question.file, tell)
      return { answer: { kind: 'opened' } }
    }
    if (set === null) throw new Error('No complaints are open.')
    selection = selectFacts(set, question.filters, selection ?? undefined)
    const { slaHours, customers, seenAt } = question
    const complaints = factComplaints(set, rowsOfSelection(selection), seenAt)
    return {
      answer: {
        kind: 'figures',
        figures: { ...complaintInsights(complaints, { slaHours, customers }), counts: countsOf(selection) },
      },
    }
  },
)
