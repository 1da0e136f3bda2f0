/**
 * The slides about a lake: the problem, the architecture, the choices, the quality, the insights and what to do.
 * @module
 */
import type { ComplaintInsights, VolumeFigures } from '../figures/insights.ts'
import type { ReconciledDelivery } from '../figures/reconciled-delivery.ts'
import { answerText, chanceText, durationText, effectText, shareText } from '../figures/words.ts'
import type { Guide } from './guide.ts'
import { recommendations } from './recommendations.ts'
import { barParts, COLOURS, INNER, LEFT, type Part, paragraph, type Slide, TOP, tablePart, tileParts } from './slide.ts'

/** What the slides are made of. */
export interface DeckContent {
  readonly commit: number
  readonly committedAt: string
  readonly insights: ComplaintInsights
  readonly customers: number
  readonly isWhole: boolean
  readonly deliveries: readonly ReconciledDelivery[]
  readonly guide: Guide
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const number = (value: number): string => whole.format(value)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function deliveredDays(deliveries: readonly ReconciledDelivery[]): string {
  const days = deliveries.flatMap(({ day }) => (day === null ? [] : [day])).sort()
  return days.length === 0 ? 'no delivery yet' : `deliveries of ${days[0]} to ${days.at(-1)}`
}

function titleSlide({ commit, committedAt, insights, customers, deliveries }: DeckContent): Slide {
  const { complaints, service, slaHours, repeats, backlog, waiting } = insights
  const scope = `${deliveredDays(deliveries)}; version ${commit} of the lake, made on ${committedAt.slice(0, 10)}`
  const open = sum(backlog.map((row) => row.open))
  return {
    title: 'Complaints: what they say, and what to do',
    parts: [
      paragraph(
        TOP + 20,
        `${number(complaints)} complaints from ${number(repeats.complainers)} of ${number(customers)} customers`,
        { size: 26, isBold: true },
      ),
      ...tileParts(
        TOP + 100,
        150,
        [
          { heading: number(open), text: 'complaints are open' },
          {
            heading: shareText(service[0]?.withinSla ?? null),
            text: `of the complaints that are decided were resolved within ${slaHours} hours`,
          },
          {
            heading: number(waiting.customers),
            text: `customers have waited for longer than ${slaHours} hours`,
          },
        ],
        30,
      ),
      paragraph(TOP + 290, scope, { size: 15, colour: COLOURS.muted }),
    ],
  }
}

function problemSlide({ guide, deliveries }: DeckContent): Slide {
  const tables = { 'call logs': 'call_logs', 'social media': 'social_media', 'web forms': 'web_forms' } as const
  const rows = guide.sources.map(([source, grain]) => {
    const table = Object.hasOwn(tables, source) ? tables[source as keyof typeof tables] : source
    const records = sum(deliveries.filter((one) => one.table === table).map((one) => one.source))
    return [source, grain, number(records)]
  })
  return {
    title: 'The problem',
    parts: [
      paragraph(TOP, guide.problem, { height: 90 }),
      tablePart(TOP + 110, ['Source', 'One row is', 'Records'], rows, { widths: [3, 5, 2], words: 2 }),
      paragraph(
        TOP + 290,
        'Five sources, each with its own spelling, clock and gaps; nobody could say how many complaints there are.',
      ),
    ],
  }
}

const STEPS = [
  ['Sources', 'a bucket, a sheet of agents, a database of web forms'],
  ['Lake', 'each delivery as it came, typed and cleaned beside it, a commit a run'],
  ['Warehouse', 'facts and dimensions by dbt, on DuckDB or Postgres'],
  ['Answers', 'dashboard, insights with significance, features for models'],
] as const

function architectureSlide(): Slide {
  const tiles = STEPS.map(([name, text], at) => ({ heading: `${at + 1}. ${name}`, text }))
  return {
    title: 'The architecture',
    parts: [
      ...tileParts(TOP + 30, 150, tiles),
      paragraph(
        TOP + 210,
        'Airflow runs a day at a time, and the models when the lake has changed. Terraform describes the cloud below it. All of it also runs on one machine, without an account.',
        { height: 70 },
      ),
      paragraph(
        TOP + 285,
        'A run that is killed and started again ends in the same bytes: nothing is lost, and nothing is counted twice.',
      ),
    ],
  }
}

function choicesSlide({ guide }: DeckContent): Slide {
  const rows = guide.choices.map(([tool, reason]) => [tool, reason])
  return {
    title: 'The choices',
    parts: [tablePart(TOP, ['Tool', 'Why this one'], rows, { widths: [2, 7], words: 2 })],
  }
}

function qualitySlide({ deliveries, isWhole }: DeckContent): Slide {
  const tables = [...Map.groupBy(deliveries, ({ table }) => table)]
  const rows = tables.map(([table, all]) => [
    table,
    ...(['source', 'duplicate', 'refused', 'landed', 'quarantined', 'cleaned'] as const).map((hop) =>
      number(sum(all.map((one) => one[hop]))),
    ),
  ])
  const aside = sum(deliveries.map(({ duplicate, refused, quarantined }) => duplicate + refused + quarantined))
  const source = sum(deliveries.map((one) => one.source))
  const share = shareText(source === 0 ? null : aside / source)
  const counts = `Each step counts for itself, and the counts ${isWhole ? 'agree' : 'differ'}.`
  return {
    title: isWhole ? 'Quality: every row is accounted for' : 'Quality: rows are missing',
    parts: [
      tablePart(TOP, ['Table', 'Source', 'Duplicate', 'Refused', 'Landed', 'Quarantined', 'Cleaned'], rows, {
        ...{ widths: [3, 2, 2, 2, 2, 2, 2], words: 1 },
      }),
      paragraph(
        TOP + 200,
        `${number(aside)} of ${number(source)} records (${share}) are in no figure: duplicates, refused rows and quarantined rows, each with its reason. ${counts}`,
        { height: 60 },
      ),
    ],
  }
}

function volumesSlide({ insights }: DeckContent): Slide {
  const width = (INNER - 2 * 36) / 3
  const column = (by: VolumeFigures['by'], title: string, at: number): Part[] =>
    barParts(
      { x: LEFT + at * (width + 36), y: TOP, width },
      title,
      insights.volumes
        .filter((one) => one.by === by)
        .map(({ name, complaints, share }) => {
          return { name, share, text: `${number(complaints)}, ${shareText(share)}` }
        }),
    )
  const [first, last] = [insights.days[0], insights.days.at(-1)]
  const opened =
    first === undefined ? '' : `Opened from ${first.openedOn} to ${last?.openedOn}. A full bar is all complaints.`
  return {
    title: `${number(insights.complaints)} complaints`,
    parts: [
      ...column('channel', 'By channel', 0),
      ...column('category', 'By category', 1),
      ...column('status', 'By status', 2),
      paragraph(TOP + 260, opened, { colour: COLOURS.muted, size: 14 }),
    ],
  }
}

function timesSlide({ insights: { resolution, slaHours } }: DeckContent): Slide {
  const rows = resolution.map((row) => [
    ...[row.channel, row.category, number(row.complaints), number(row.resolved)],
    ...[durationText(row.medianHours), durationText(row.p90Hours), shareText(row.withinSla)],
  ])
  const titles = ['Channel', 'Category', 'Complaints', 'Resolved', 'Median', 'Nine in ten', `In ${slaHours} h`]
  return {
    title: 'Time until resolved',
    parts: [
      tablePart(TOP, titles, rows, { widths: [3, 4, 2, 2, 2, 2, 2], words: 2, size: 12 }),
      paragraph(
        TOP + 315,
        'The time until half, and nine in ten, are resolved; open complaints count as open (Kaplan–Meier). “not reached”: fewer are resolved so far. A call is resolved at its end, or stays open.',
        { size: 13, colour: COLOURS.muted },
      ),
    ],
  }
}

function backlogSlide({ insights: { backlog, service, waiting, slaHours } }: DeckContent): Slide {
  const rows = backlog.map(({ category, open, ages }) => [category, number(open), ...ages.map(number)])
  const all = ['All', number(sum(backlog.map(({ open }) => open)))]
  const total = [...all, ...[0, 1, 2, 3].map((at) => number(sum(backlog.map(({ ages }) => ages[at] ?? 0))))]
  const services = service.map((row) => [
    ...[row.channel ?? 'All', number(row.kept), number(row.missed), number(row.undecided), shareText(row.withinSla)],
  ])
  return {
    title: 'Backlog and service level',
    parts: [
      tablePart(TOP, ['Open, by age in days', 'All', 'Up to 7', '7 to 30', '30 to 90', 'Over 90'], [...rows, total], {
        ...{ widths: [4, 2, 2, 2, 2, 2], words: 1, size: 12 },
      }),
      tablePart(TOP + 165, [`Within ${slaHours} hours`, 'In time', 'Missed', 'Undecided', 'Share'], services, {
        ...{ widths: [4, 2, 2, 2, 2], words: 1, size: 12 },
      }),
      paragraph(
        TOP + 305,
        `${number(waiting.customers)} customers have waited for longer than ${slaHours} hours, ${number(waiting.again)} of them with several open complaints.`,
      ),
    ],
  }
}

function verdictsSlide({ insights: { comparisons } }: DeckContent): Slide {
  const found = comparisons.filter(({ verdict }) => verdict === 'different').length
  const rows = comparisons.map((one) => [one.question, answerText(one), effectText(one), chanceText(one)])
  return {
    title: found === 0 ? 'No significant difference' : `${found} of ${comparisons.length} questions: more than chance`,
    parts: [
      tablePart(TOP - 8, ['Question', 'Answer', 'Effect', 'p (Holm)'], rows, {
        widths: [6, 3, 2, 1.5],
        words: 2,
        size: 12,
      }),
      paragraph(
        TOP + 330,
        'Chi-square, log-rank and dispersion tests, corrected for the number of questions (Holm). “no significant difference”: what is seen may be chance.',
        { size: 13, colour: COLOURS.muted },
      ),
    ],
  }
}

function recommendationsSlide({ insights }: DeckContent): Slide {
  const step = 92
  return {
    title: 'What to do to keep customers',
    parts: recommendations(insights).flatMap(({ about, text }, at): Part[] => [
      { kind: 'box', x: LEFT, y: TOP + at * step, width: 5, height: step - 18, colour: COLOURS.accent },
      paragraph(TOP + at * step, `${about.slice(0, 1).toUpperCase()}${about.slice(1)}`, {
        x: LEFT + 20,
        isBold: true,
        height: 22,
      }),
      paragraph(TOP + at * step + 24, text, { x: LEFT + 20, width: INNER - 20, size: 14, height: 50 }),
    ]),
  }
}

/** Returns the slides, in the order in which they are told. */
export function complaintSlides(content: DeckContent): Slide[] {
  return [
    titleSlide(content),
    problemSlide(content),
    architectureSlide(),
    choicesSlide(content),
    qualitySlide(content),
    volumesSlide(content),
    timesSlide(content),
    backlogSlide(content),
    verdictsSlide(content),
    recommendationsSlide(content),
  ]
}
