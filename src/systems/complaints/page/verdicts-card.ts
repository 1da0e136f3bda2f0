/**
 * Which differences are more than chance, in words.
 * @module
 */
import { card } from '../../../page/card.ts'
import { element } from '../../../page/element.ts'
import { figureTable } from '../../../page/figure-table.ts'
import { answerText, chanceText, effectText } from '../figures/words.ts'
import type { View } from './view.ts'

/** Returns the card of questions and their answers. */
export function verdictsCard(): View {
  const content = element('div', {})
  const note = element('span', {})
  return {
    element: card({ title: 'More than chance?', class: 'wide sentences', note }, content),
    update({ figures: { comparisons } }) {
      const found = comparisons.filter(({ verdict }) => verdict === 'different').length
      const asked = comparisons.filter(({ verdict }) => verdict !== 'too_few').length
      note.textContent =
        found === 0
          ? `No significant difference in ${asked} questions, corrected for their number (Holm).`
          : `${found} of ${asked} questions show a difference beyond chance, corrected for their number (Holm).`
      const rows = comparisons.map((one) => {
        const answer = element('span', { class: one.verdict === 'different' ? 'is-found' : '' }, answerText(one))
        return [one.question, answer, effectText(one), chanceText(one)]
      })
      content.replaceChildren(
        figureTable('Questions and answers', ['Question', 'Answer', 'Effect', 'p (Holm)'], rows, 2),
      )
    },
  }
}
