/**
 * `support-etl interactions show`: counts of one customer or of all, as the API answers them.
 * @module
 */
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { counted, renderJson } from '../../../terminal/text/render.ts'
import { type Cell, renderTable, type TableColumn, type TableView } from '../../../terminal/text/text-table.ts'
import type { CustomerAnswer } from '../figures/answers.ts'
import type { GroupsAnswer } from '../routes/answer-schemas.ts'
import { customerRoute, customersRoute } from '../routes/customers.ts'
import { type DatabaseValues, withRoutes } from './ask.ts'

interface ShowValues extends DatabaseValues {
  readonly customer?: string
  readonly channel?: readonly string[]
  readonly type?: readonly string[]
  readonly startDate?: string
  readonly endDate?: string
  readonly groupBy?: string
  readonly page: string
  readonly perPage: string
  readonly json?: true
}

interface Page {
  readonly total: number
}
type ListAnswer = { readonly data: readonly CustomerAnswer[]; readonly meta: Page } | GroupsAnswer

function groupsText({ data, meta }: GroupsAnswer, view: TableView): string {
  const columns = [...meta.group_by, 'interaction_count'] as const
  const titles = columns.map((name): TableColumn => {
    return { title: name, align: name === 'interaction_count' || name === 'customer' ? 'right' : 'left' }
  })
  const several = meta.months_with_several_products
  const told =
    several.length === 0 ? '' : `\ncounted under each of several products: interactions of ${several.join(', ')}\n`
  return `${renderTable(
    titles,
    data.map((group) => columns.map((name): Cell => group[name] ?? null)),
    view,
  )}${told}`
}

/** Customers in rows, channels in columns. */
function customersText(customers: readonly CustomerAnswer[], view: TableView): string {
  const channels = Object.keys(customers[0]?.interactions ?? {})
  const columns = [
    { title: 'customer', align: 'right' as const },
    ...channels.map((title) => ({ title, align: 'right' as const })),
  ]
  const rows = customers.map(({ customer_id, interactions }) => [
    customer_id,
    ...channels.map((channel) => interactions[channel] ?? null),
  ])
  const unknown = customers.filter(({ known }) => known === false).map(({ customer_id }) => customer_id)
  const told = unknown.length === 0 ? '' : `\nnot in the customers file: ${unknown.join(', ')}\n`
  return `${renderTable(columns, rows, view)}${told}`
}

function pageText({ total }: Page, shown: number): string {
  return shown === total ? '' : `\n${shown} of ${counted(total, 'row')}; --page and --per-page show the others\n`
}

/** Prints what `GET /api/v1/interactions` or `GET /api/v1/interactions/{customer_id}` answers; as JSON it is the answer itself. */
export async function show(values: ShowValues, terminal: Terminal): Promise<ExitCode> {
  const { customer, channel, type, startDate, endDate, groupBy, page, perPage } = values
  const query = { channel, type, start_date: startDate, end_date: endDate, group_by: groupBy, page, per_page: perPage }
  const text = await withRoutes(values, terminal, async (ask): Promise<string> => {
    if (customer === undefined) {
      const answer = await ask<ListAnswer>(customersRoute, { query })
      if (values.json) return renderJson(answer)
      const shown =
        'group_by' in answer.meta
          ? groupsText(answer as GroupsAnswer, terminal.view)
          : customersText(answer.data as never, terminal.view)
      return `${shown}${pageText(answer.meta, answer.data.length)}`
    }
    const params = { customer_id: customer }
    const answer = await ask<{ readonly data: CustomerAnswer } | GroupsAnswer>(customerRoute, { params, query })
    if (values.json) return renderJson(answer)
    return 'meta' in answer
      ? `${groupsText(answer, terminal.view)}${pageText(answer.meta, answer.data.length)}`
      : customersText([answer.data], terminal.view)
  })
  await terminal.print(text)
  return EXIT.done
}
