/** The slides about a lake: each figure is that of `insights --json` and `status --json`, in both formats. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../../src/connect/open.ts'
import { complaintSlides } from '../../../../src/systems/complaints/deck/complaint-slides.ts'
import { readGuide } from '../../../../src/systems/complaints/deck/guide.ts'
import { recommendations } from '../../../../src/systems/complaints/deck/recommendations.ts'
import { HEIGHT, type Slide, WIDTH } from '../../../../src/systems/complaints/deck/slide.ts'
import { answerText, chanceText, effectText, shareText } from '../../../../src/systems/complaints/figures/words.ts'
import {
  type ComplaintInsights,
  complaintInsights,
  type Reconciliation,
} from '../../../../src/systems/complaints/index.ts'
import { supportEtlHere as supportEtl } from '../../../cli/command-line.ts'
import { randomSet } from '../figures/sets.ts'
import { placeOf, worldOf } from '../worlds.ts'
import { pdfTexts, pptxCells, pptxTexts } from './read-deck.ts'

const work = mkdtempSync(join(tmpdir(), 'support-etl-deck-'))
const lake = join(work, 'lake')
const count = new Intl.NumberFormat('en')
const guide = readGuide(readFileSync('docs/complaints.md', 'utf8'))

const told = async <Told>(...args: readonly string[]): Promise<Told> => {
  const { status, stdout, stderr } = await supportEtl(['complaints', ...args, '--out', lake, '--json'])
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout) as Told
}

/** The words of a slide, in the order of its parts. */
const wordsOf = ({ title, parts }: Slide): string[] => [
  title,
  ...parts.flatMap((part) =>
    part.kind === 'table' ? [...part.titles, ...part.rows.flat()] : part.kind === 'text' ? [part.text] : [],
  ),
]

describe('complaints insights --deck', () => {
  beforeAll(async () => {
    const { files } = worldOf({ customers: 1000, days: 4, profile: 'adversarial', seed: 9 })
    const world = placeOf(files)
    const store = openStore(join(work, 'world'))
    for (const { name } of await world.list('')) await store.write(name, world.read(name))
    const { status, stderr } = await supportEtl(['complaints', 'run', '--data', join(work, 'world'), '--out', lake])
    expect(status, stderr).toBe(0)
  }, 60_000)
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  it.each([
    ['pdf', pdfTexts],
    ['pptx', pptxTexts],
  ] as const)(
    'writes a %s that opens and has the figures of insights and status',
    async (format, read) => {
      const file = join(work, `deck.${format}`)
      const insights = await told<ComplaintInsights>('insights', '--deck', file)
      const { deliveries } = await told<Reconciliation>('status')
      const pages = read(readFileSync(file))
      expect(pages).toHaveLength(10)
      // a line of a PDF ends where its box does
      const texts = pages.map((lines) => lines.join(' ').replace(/\s+/g, ' '))
      const [title, problem, , choices, quality, volumes, times, backlog, verdicts, todo] = texts as [
        string,
        ...string[],
      ]
      const { complaints: all, repeats } = insights
      expect(title).toContain(
        `${count.format(all)} complaints from ${count.format(repeats.complainers)} of 1,000 customers`,
      )
      for (const [source] of guide.sources) expect(problem).toContain(source)
      for (const [tool, reason] of guide.choices) expect(choices).toContain(`${tool} ${reason}`)
      for (const table of ['call_logs', 'social_media', 'web_forms']) {
        const source = deliveries.filter((one) => one.table === table).reduce((sum, one) => sum + one.source, 0)
        expect(quality).toContain(`${table} ${count.format(source)}`)
      }
      for (const { by, name, complaints, share } of insights.volumes) {
        if (by !== 'platform') expect(volumes).toContain(`${name} ${count.format(complaints)}, ${shareText(share)}`)
      }
      for (const { category, complaints, resolved } of insights.resolution) {
        expect(times).toContain(`${category} ${count.format(complaints)} ${count.format(resolved)}`)
      }
      for (const { category, open, ages } of insights.backlog) {
        expect(backlog).toContain(`${category} ${[open, ...ages].map((one) => count.format(one)).join(' ')}`)
      }
      for (const one of insights.comparisons) {
        expect(verdicts).toContain(`${one.question} ${answerText(one)} ${effectText(one)} ${chanceText(one)}`)
      }
      for (const { text } of recommendations(insights)) expect(todo).toContain(text)
    },
    60_000,
  )

  it('leaves the cells of tables in PowerPoint the width of their text', async () => {
    const file = join(work, 'cells.pptx')
    await told('insights', '--deck', file)
    const cells = pptxCells(readFileSync(file))
    expect(cells.length).toBeGreaterThan(200)
    expect(cells.filter(({ width, margins }) => !(margins < width / 4))).toEqual([])
  }, 60_000)

  it('writes the same bytes for the same commit, as PDF', async () => {
    const [first, second] = [join(work, 'a.pdf'), join(work, 'b.pdf')]
    await told('insights', '--deck', first)
    await told('insights', '--deck', second)
    expect(readFileSync(first).equals(readFileSync(second))).toBe(true)
  }, 60_000)

  it('refuses a file of another kind before it reads', async () => {
    const { status, stderr } = await supportEtl(['complaints', 'insights', '--out', 'nowhere', '--deck', 'deck.odp'])
    expect([status, stderr]).toEqual([2, expect.stringContaining('a file of this machine that ends in .pdf or .pptx')])
  })
})

describe('complaintSlides', () => {
  const none = { size: 0 } as const
  const slidesOf = (insights: ComplaintInsights): Slide[] =>
    complaintSlides({
      ...{ commit: 1, committedAt: '2025-11-24T00:00:00.000Z', insights, customers: 4000, isWhole: true },
      ...{ deliveries: [], guide },
    })

  it('keeps every part on the slide, and every letter in what a PDF can write', () => {
    const latin = new Set([...new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, at) => at))])
    for (const slide of [
      ...slidesOf(complaintInsights(randomSet(1))),
      ...slidesOf(complaintInsights(randomSet(1, () => {}, none.size))),
    ]) {
      for (const { x, y, width, height } of slide.parts) {
        expect([x >= 0, y >= 0, x + width <= WIDTH, y + height <= HEIGHT - 30], slide.title).toEqual([
          true,
          true,
          true,
          true,
        ])
      }
      expect([...wordsOf(slide).join('')].filter((letter) => !latin.has(letter))).toEqual([])
    }
  })

  it('recommends nothing about groups that differ by chance, and names the one that does not', () => {
    const about = (set: ReturnType<typeof randomSet>) =>
      recommendations(complaintInsights(set, { customers: 4000 })).find((one) => one.about === 'categories')?.text
    expect(about(randomSet(3))).toContain('No category stands out')
    const old = randomSet(77, (one, share) => {
      if (one.category === 0 && one.status !== 0 && share(1) < 0.6) one.age = 119
    })
    expect(about(old)).toContain('Begin with Technician Support')
  })
})
