/**
 * The contract of a table: what each column holds, and which of them are the key.
 * @module
 */
import { card } from '../../../page/card.ts'
import { button, element } from '../../../page/element.ts'
import type { FactHeader } from '../../../page/selection/fact-set.ts'
import type { ColumnContract, TableContract } from '../../../table/contract.ts'

const KINDS: Readonly<Record<ColumnContract['kind'], string>> = {
  text: 'text',
  float64: 'number',
  int32: 'integer, 32 bits',
  int64: 'integer, 64 bits',
  boolean: 'true or false',
  timestamp: 'instant, UTC',
  date: 'day',
}
const FOUND: Readonly<Record<FactHeader['kind'], string>> = {
  text: 'text',
  number: 'number',
  integer: 'integer',
  boolean: 'true or false',
  timestamp: 'instant, UTC',
  date: 'day',
}

/** What a contract says of a column; null where it says nothing. */
export function columnOf(contract: TableContract | null, name: string): ColumnContract | null {
  return contract !== null && Object.hasOwn(contract.columns, name) ? (contract.columns[name] ?? null) : null
}

/** The kind of a column in words: the contract's, or what the file holds. */
function kindText(header: FactHeader, declared: ColumnContract | null): string {
  return declared === null ? FOUND[header.kind] : KINDS[declared.kind]
}

function meaningText(column: ColumnContract | null): string {
  if (column === null) return ''
  const { role, references, isNullable } = column
  const meaning = role === 'reference' ? `reference to ${references}` : role
  return isNullable ? `${meaning}, may be blank` : meaning
}

/** Returns the card of a table's columns; a click on one asks for its figures. */
export function contractCard(
  headers: readonly FactHeader[],
  contract: TableContract | null,
  chosen: string | null,
  onChoose: (column: string) => void,
): HTMLElement {
  const declared = (name: string) => columnOf(contract, name)
  const key = contract === null || contract.key.length === 0 ? '' : ` Key: ${contract.key.join(', ')}.`
  const note =
    contract === null
      ? 'The job’s code is not here: these are the kinds that the published copy holds.'
      : `Click a column for its figures.${key}`
  return card(
    { title: 'Columns', note },
    element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Columns' },
      element(
        'table',
        { class: 'contract' },
        element(
          'thead',
          {},
          element('tr', {}, ...['Column', 'Kind', 'Role'].map((text) => element('th', { scope: 'col' }, text))),
        ),
        element(
          'tbody',
          {},
          ...headers.map((header) =>
            element(
              'tr',
              {},
              element(
                'th',
                { scope: 'row' },
                button(
                  header.name,
                  { class: 'link', 'aria-pressed': String(header.name === chosen), 'data-column': header.name },
                  () => onChoose(header.name),
                ),
              ),
              element('td', {}, kindText(header, declared(header.name))),
              element('td', {}, meaningText(declared(header.name))),
            ),
          ),
        ),
      ),
    ),
  )
}
