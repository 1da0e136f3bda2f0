/** One small plan with all that dialects do in their own way, as each of them writes it. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  COUNT,
  cast,
  column,
  compare,
  integer,
  isNull,
  max,
  nothing,
  over,
  sum,
  text,
  when,
} from '../../src/engine/expression.ts'
import {
  DIALECT_NAMES,
  dialectOf,
  type Relation,
  renderCreate,
  renderQuery,
  renderReplace,
} from '../../src/engine/index.ts'
import { monthPlan } from '../../src/engine/month-plan.ts'

const calls: Relation = { op: 'scan', name: 'all_calls', table: 'calls', columns: ['id', 'hall', 'begun', 'minutes'] }
const halls: Relation = { op: 'scan', name: 'all_halls', table: 'halls', columns: ['hall', 'name'] }
const MONTHS = { timeZone: 'America/New_York', first: Date.UTC(2025, 1, 10), last: Date.UTC(2025, 2, 10) }
const minutes = column('minutes')

const dated: Relation = {
  ...{ op: 'project', name: 'dated', of: calls },
  columns: [
    ['hall', column('hall')],
    ['month', monthPlan(column('begun'), MONTHS)],
    ['seconds', when({ op: 'is nan', of: minutes }, nothing('float64'), compare(minutes, '*', integer(60)))],
    ['is_odd', { op: 'in', of: column('id'), values: [text("a'b"), text('c\\d'), text('e\nf')] }],
    ['latest', over({ op: 'row number', latestBy: 'begun' }, ['hall'])],
    ['longest', over(max(minutes), ['hall'])],
  ],
}
const named: Relation = {
  ...{ op: 'left join', name: 'named', left: dated, right: halls },
  ...{ on: ['hall', 'hall'], select: { name: 'name' } },
}
const known: Relation = {
  ...{ op: 'filter', name: 'known', of: named },
  where: { op: 'not', of: isNull({ op: 'trim', of: column('name') }) },
}
const hours: Relation = {
  ...{ op: 'group', name: 'hours', of: known },
  keys: ['month', 'name'],
  figures: [
    ['calls', COUNT],
    ['seconds', sum(cast({ op: 'floor', of: column('seconds') }, 'int64'))],
  ],
}

it.each(DIALECT_NAMES)('%s writes the plan as its file has it', async (name) => {
  const dialect = dialectOf(name)
  const kinds = ['text', 'float64', 'int32', 'int64', 'boolean', 'timestamp', 'date'] as const
  const statements = [
    renderCreate(
      'kinds',
      kinds.map((kind) => [kind, kind] as const),
      dialect,
    ),
    ...renderReplace('halls', halls, dialect),
    renderQuery(hours, dialect, [{ column: 'name', isText: true }]),
  ]
  await expect(`${statements.join(';\n')};\n`).toMatchFileSnapshot(join(import.meta.dirname, 'dialects', `${name}.sql`))
})
