/**
 * `support-etl interactions anomalies`: what is far outside its history, for people or for a webhook.
 * @module
 */
import { createHash } from 'node:crypto'
import { isRecord } from '../../../arguments.ts'
import type { FileStore } from '../../../connect/file-store.ts'
import { openStore } from '../../../connect/open.ts'
import { ConnectError } from '../../../errors.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { counted, renderJson } from '../../../terminal/text/render.ts'
import { renderTable } from '../../../terminal/text/text-table.ts'
import { ANOMALY_WORDS, anomalyId, type InteractionAnomaly } from '../figures/anomalies.ts'
import { anomaliesRoute } from '../routes/anomalies.ts'
import { type Asking, type DatabaseValues, withRoutes } from './ask.ts'
import { SENDING, sendMessage, webhookAddress } from './webhook.ts'

interface AnomaliesValues extends DatabaseValues {
  readonly kind?: readonly string[]
  readonly startDate?: string
  readonly endDate?: string
  readonly webhook?: string
  readonly json?: true
}

/** Anomalies that one message holds. */
const MESSAGE = 200
const PAGE = 200
/** Which anomalies were sent, in the folder of the state. */
const SENT = 'alerts.json'

interface AnomalyPage {
  readonly data: readonly InteractionAnomaly[]
  readonly links: { readonly next: string | null }
}

async function everyAnomaly(ask: Asking, values: AnomaliesValues): Promise<InteractionAnomaly[]> {
  const { kind, startDate: start_date, endDate: end_date } = values
  const found: InteractionAnomaly[] = []
  for (let page = 1; ; page++) {
    const query = { kind, start_date, end_date, page: String(page), per_page: String(PAGE) }
    const { data, links } = await ask<AnomalyPage>(anomaliesRoute, { query })
    found.push(...data)
    if (links.next === null) return found
  }
}

/** What was sent, by the hash of the webhook's address, which may hold a secret. */
type Sent = Record<string, readonly string[]>

async function readSent(out: FileStore): Promise<Sent> {
  const [entry] = (await out.list(SENT)).filter(({ name }) => name === SENT)
  if (entry === undefined) return {}
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of out.read(SENT)) text += decoder.decode(chunk, { stream: true })
  const problem = `${SENT} in ${out.location} is not the list of sent anomalies that this command writes; move it away to send all again`
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ConnectError('json_invalid', problem, { cause })
  }
  if (isRecord(value) && Object.values(value).every((ids) => Array.isArray(ids))) return value as Sent
  throw new ConnectError('json_invalid', problem)
}

/** Sends what was not sent yet, message by message, each noted when it was taken. Returns how many were sent. */
async function sendNew(found: readonly InteractionAnomaly[], { out, webhook = '' }: AnomaliesValues): Promise<number> {
  const address = webhookAddress('--webhook', webhook)
  const store = openStore(out)
  const sent = await readSent(store)
  const receiver = createHash('sha256').update(address.href).digest('hex').slice(0, 16)
  const known = new Set(sent[receiver])
  const fresh = found.filter((one) => !known.has(anomalyId(one)))
  const { SUPPORT_ETL_WEBHOOK_SECRET: secret } = process.env
  for (let at = 0; at < fresh.length; at += MESSAGE) {
    const anomalies = fresh.slice(at, at + MESSAGE)
    await sendMessage(address, { type: 'interactions.anomalies', anomalies }, { ...SENDING, secret })
    for (const one of anomalies) known.add(anomalyId(one))
    const text = `${JSON.stringify({ ...sent, [receiver]: [...known] })}\n`
    await store.write(SENT, [new TextEncoder().encode(text)])
  }
  return fresh.length
}

function textOf(found: readonly InteractionAnomaly[], { view }: Terminal): string {
  if (found.length === 0) return 'nothing is far outside its history\n'
  const right = { align: 'right' as const }
  const columns = [
    ...[{ title: 'day' }, { title: 'what' }, { title: 'which' }],
    ...[
      { title: 'interactions', ...right },
      { title: 'usual', ...right },
    ],
  ]
  return renderTable(
    columns,
    found.map(({ day, kind, subject, count, expected }) => [day, ANOMALY_WORDS[kind], subject ?? '', count, expected]),
    view,
  )
}

/** Prints what `GET /api/v1/anomalies` answers, all pages of it; with a webhook it sends what was not sent yet. */
export async function anomalies(values: AnomaliesValues, terminal: Terminal): Promise<ExitCode> {
  const { webhook, json } = values
  // refuse an impossible address before anything is read
  if (webhook !== undefined) webhookAddress('--webhook', webhook)
  const found = await withRoutes(values, terminal, (ask) => everyAnomaly(ask, values))
  if (webhook === undefined) {
    await terminal.print(json ? renderJson({ data: found }) : terminal.fit(textOf(found, terminal)))
    return EXIT.done
  }
  const sent = await sendNew(found, values)
  await terminal.print(
    json
      ? renderJson({ found: found.length, sent })
      : `sent ${counted(sent, 'new anomaly', 'new anomalies')} of ${found.length}\n`,
  )
  return EXIT.done
}
