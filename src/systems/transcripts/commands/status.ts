/**
 * `support-etl transcripts status`: what lies in bronze, what the layers hold, and the key figures.
 * @module
 */
import { openStore } from '../../../connect/open.ts'
import { ConnectError } from '../../../errors.ts'
import { readStatus, type Status } from '../../../pipeline/audit/status.ts'
import { readState } from '../../../pipeline/state/committed-state.ts'
import { columnOf, type Frame } from '../../../table/frame.ts'
import { effectsOf, quarantineWarning } from '../../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { counted, figure, renderJson } from '../../../terminal/text/render.ts'
import { renderTable } from '../../../terminal/text/text-table.ts'
import { type CallOverview, callOverview } from '../figures/overview.ts'
import { transcriptsJobOf } from '../job/transcripts-job.ts'
import { bronzeCalls, goldCallAnalytics, silverCallRecords, transcriptAgents } from '../tables.ts'
import { prefixOf } from './settings.ts'

interface StatusValues {
  readonly data: string
  readonly prefix: string
  readonly out: string
  readonly json?: true
}

/** The files of calls in the source place; a problem where it cannot be listed. */
interface Bronze {
  readonly place: string
  readonly is_reachable: boolean
  readonly problem: string | null
  readonly files: number | null
  readonly bytes: number | null
}

async function bronzeAt(data: string, prefix: string): Promise<Bronze> {
  const place = `${data}/${prefix}`
  try {
    const files = (await openStore(data).list(prefix)).filter(({ name }) => /\.json(?:\.gz)?$/.test(name))
    const bytes = files.reduce((sum, { size }) => sum + size, 0)
    return { place, is_reachable: true, problem: null, files: files.length, bytes }
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error
    return { place, is_reachable: false, problem: error.message, files: null, bytes: null }
  }
}

/** One layer of the state. */
interface Layer {
  readonly rows: number
  readonly agents: number
  /** What the last run that committed took to make it; null where an earlier version committed. */
  readonly seconds: number | null
}

/** The layer that a table, rollup or output belongs to: gold is all that is made of silver. */
function layerNamed(name: string): keyof Shown['layers'] {
  if (name === bronzeCalls.name || name === transcriptAgents.name) return 'bronze'
  return name === silverCallRecords.name ? 'silver' : 'gold'
}

function layerOf(layer: keyof Shown['layers'], frame: Frame, { milliseconds }: Pick<Status, 'milliseconds'>): Layer {
  const times = Object.entries(milliseconds).filter(([name]) => layerNamed(name) === layer)
  const seconds = times.length === 0 ? null : times.reduce((sum, [, time]) => sum + time, 0) / 1000
  return { rows: frame.rows, agents: new Set(columnOf(frame, 'agent_name')).size, seconds }
}

interface Shown extends CallOverview {
  readonly out: string
  readonly commit: number
  readonly committed_at: string
  readonly bronze: Bronze
  readonly layers: Readonly<Record<'bronze' | 'silver' | 'gold', Layer>>
  readonly quarantined: number
}

/** Reads the committed state, and lists the source place. */
export async function transcriptsStatus(values: StatusValues, terminal: Terminal): Promise<ExitCode> {
  const { data, out, json } = values
  const prefix = prefixOf(values.prefix)
  const effects = effectsOf(terminal)
  const committed = await readStatus({ out }, effects)
  const { quarantined } = committed
  const state = await readState(transcriptsJobOf({ prefix }), { out }, effects)
  const shown: Shown = {
    ...{ out, commit: state.commit, committed_at: state.committedAt },
    bronze: await bronzeAt(data, prefix),
    layers: {
      bronze: layerOf('bronze', await state.loadTable(bronzeCalls.name), committed),
      silver: layerOf('silver', await state.loadTable(silverCallRecords.name), committed),
      gold: layerOf('gold', await state.loadTable(goldCallAnalytics.name), committed),
    },
    ...callOverview(await state.loadRollup('agent_counts')),
    quarantined,
  }
  await terminal.print(json ? renderJson(shown) : terminal.fit(text(shown, terminal)))
  if (json !== true) {
    const waiting = quarantineWarning(quarantined, terminal)
    if (waiting !== null) terminal.log('warn', waiting)
  }
  return EXIT.done
}

const dollars = (amount: number): string => `$${figure(amount)}`
const percent = (rate: number | null): string => (rate === null ? '–' : `${rate.toFixed(2)} %`)

function bronzeText({ place, is_reachable, problem, files, bytes }: Bronze): string {
  if (!is_reachable) return `${printable(place)} cannot be listed: ${printable(problem ?? '')}`
  return `${printable(place)}: ${counted(files ?? 0, 'file')}, ${counted(bytes ?? 0, 'byte')}`
}

function text(shown: Shown, terminal: Terminal): string {
  const { out, commit, committed_at, bronze, layers, moods, top_agents } = shown
  const right = (title: string) => ({ title, align: 'right' as const })
  return [
    terminal.title(`${printable(out)}: version ${commit}, committed ${committed_at}`),
    bronzeText(bronze),
    '',
    renderTable(
      [{ title: 'layer' }, right('rows'), right('agents'), right('seconds')],
      Object.entries(layers).map(([layer, { rows, agents, seconds }]) => [
        ...[layer, rows, agents, seconds === null ? '–' : seconds.toFixed(2)],
      ]),
      terminal.view,
    ),
    renderTable(
      [{ title: 'figure' }, right('value')],
      [
        ['conversion rate', percent(shown.conversion_rate)],
        ['conversions', shown.conversions],
        ['upsell revenue', dollars(shown.upsell_revenue)],
        ['positive calls', moods.positive],
        ['neutral calls', moods.neutral],
        ['negative calls', moods.negative],
      ],
      terminal.view,
    ),
    renderTable(
      [{ title: 'top agents' }, right('calls'), right('conversion rate'), right('upsell revenue')],
      top_agents.map(({ agent_name, total_calls, conversion_rate, total_upsell_amount }) => [
        ...[agent_name, total_calls, percent(conversion_rate), dollars(total_upsell_amount)],
      ]),
      terminal.view,
    ),
  ].join('\n')
}
