/**
 * The steps of all rivals as one SVG: a row a step, a bar a rival, seconds on a logarithmic scale.
 * @module
 */
import { spread } from './measure.ts'
import type { Figures } from './rounds.ts'

const COLORS: Record<string, string> = {
  'support-etl': '#0b7285',
  'support-etl, public functions': '#66b3c4',
  duckdb: '#e8a317',
  polars: '#7a6fbf',
  arquero: '#b0584a',
  'map-of-rows': '#868e96',
}
const STEPS: readonly (readonly [string, string])[] = [
  ['read', 'CSV → typed columns'],
  ['apply', 'apply one delta'],
  ['month', 'UTC → local month'],
  ['report', 'report'],
]
const [WIDTH, LEFT, RIGHT, BAR] = [760, 160, 90, 15]

/** Returns the picture of the `steps` race, of those entrants that have a colour. */
export function plotRatios(figures: Readonly<Record<string, readonly Figures[]>>): string {
  const entrants = (figures.steps ?? []).filter(({ name }) => name in COLORS)
  const medians = entrants
    .flatMap(({ seconds }) => STEPS.map(([step]) => spread(seconds[step] ?? []).median))
    .filter((value) => value > 0)
  const low = Math.floor(Math.log10(Math.min(...medians)))
  const high = Math.ceil(Math.log10(Math.max(...medians)))
  const x = (seconds: number) => LEFT + ((Math.log10(seconds) - low) / (high - low)) * (WIDTH - LEFT - RIGHT)
  const height = 50 + STEPS.length * (entrants.length * BAR + 18)
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Seconds a step takes, by tool">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
  ]
  for (let power = low; power <= high; power++) {
    const at = x(10 ** power).toFixed(1)
    parts.push(`<line x1="${at}" x2="${at}" y1="24" y2="${height - 10}" stroke="#e3e6e8"/>`)
    parts.push(`<text x="${at}" y="16" text-anchor="middle" fill="#5c6770">${10 ** power} s</text>`)
  }
  let y = 34
  for (const [step, label] of STEPS) {
    parts.push(
      `<text x="${LEFT - 10}" y="${y + (entrants.length * BAR) / 2 + 4}" text-anchor="end" fill="#1c2429">${label}</text>`,
    )
    for (const { name, seconds } of entrants) {
      const { median } = spread(seconds[step] ?? [])
      if (median > 0) {
        const end = x(median)
        parts.push(
          `<rect x="${LEFT}" y="${y}" width="${(end - LEFT).toFixed(1)}" height="${BAR - 3}" fill="${COLORS[name]}"/>`,
        )
        parts.push(`<text x="${(end + 5).toFixed(1)}" y="${y + 10}" fill="#1c2429">${median.toFixed(3)} ${name}</text>`)
      }
      y += BAR
    }
    y += 18
  }
  return `${[...parts, '</svg>'].join('\n')}\n`
}
