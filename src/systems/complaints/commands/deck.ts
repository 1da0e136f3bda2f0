/**
 * `support-etl complaints insights --deck FILE`: slides about a lake, as PDF or for PowerPoint.
 * @module
 */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { folderStore } from '../../../connect/files/folder-store.ts'
import { packageFolder } from '../../../isolate/package-file.ts'
import { readStatus } from '../../../pipeline/audit/status.ts'
import type { Effects } from '../../../pipeline/effects.ts'
import { optionError } from '../../../terminal/flags/option-values.ts'
import { complaintSlides } from '../deck/complaint-slides.ts'
import { readGuide } from '../deck/guide.ts'
import type { Slide } from '../deck/slide.ts'
import type { ComplaintInsights } from '../figures/insights.ts'
import { reconcile } from '../job/reconcile.ts'

/** Refuses a file that is neither. @throws ConnectError invalid_option */
export function deckFormat(file: string): 'pdf' | 'pptx' {
  const format = /\.(pdf|pptx)$/i.exec(file)?.[1]?.toLowerCase()
  if (file.includes('://') || format === undefined) {
    throw optionError('--deck', file, 'a file of this machine that ends in .pdf or .pptx')
  }
  return format as 'pdf' | 'pptx'
}

/** Returns the slides about a lake, and when its commit was made. */
export async function lakeSlides(
  out: string,
  insights: ComplaintInsights,
  customers: number,
  effects: Partial<Effects>,
): Promise<{ readonly slides: readonly Slide[]; readonly madeAt: Date }> {
  const { commit, committedAt } = await readStatus({ out }, effects)
  const { isWhole, deliveries } = await reconcile({ out }, effects)
  const guide = readGuide(readFileSync(join(packageFolder(), 'docs', 'complaints.md'), 'utf8'))
  const slides = complaintSlides({ commit, committedAt, insights, customers, isWhole, deliveries, guide })
  return { slides, madeAt: new Date(committedAt) }
}

/** Writes the slides. @throws ConnectError package_missing - the library of the format is not installed */
export async function writeDeck(file: string, slides: readonly Slide[], madeAt: Date): Promise<void> {
  const properties = { title: 'Complaints: what they say, and what to do', madeAt }
  const bytes =
    deckFormat(file) === 'pdf'
      ? await (await import('../deck/pdf-deck.ts')).pdfDeck(slides, properties)
      : await (await import('../deck/pptx-deck.ts')).pptxDeck(slides, properties)
  await folderStore(dirname(file)).write(basename(file), [bytes])
}
