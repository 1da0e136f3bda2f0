/**
 * Lists in pages: what a query says of them, and what an answer says.
 * @module
 */
import { z } from 'zod'
import { isRecord, refuseUnless } from '../../arguments.ts'
import { ServerError } from '../../errors.ts'
import { wholeNumber } from './query-values.ts'

/** The rows of a page, unless the query says otherwise. */
const ROWS = 50
/** The most rows of a page. */
const MOST_ROWS = 200

/** The members of a query that choose a page. A route of a list spreads them into its own. */
export const PAGE_QUERY = {
  page: wholeNumber({ least: 1 }).optional().default(1).meta({ description: 'which page; the first is 1', example: 1 }),
  per_page: wholeNumber({ least: 1, most: MOST_ROWS })
    .optional()
    .default(ROWS)
    .meta({ description: 'rows of a page', example: ROWS }),
}

/** Which page a query chose. */
export interface PageChoice {
  readonly page: number
  readonly per_page: number
}

function refuseChoice(choice: PageChoice): void {
  const isChoice =
    isRecord(choice) && [choice.page, choice.per_page].every((count) => Number.isInteger(count) && count > 0)
  refuseUnless(isChoice, 'choice', choice, 'the page and per_page of a query', ServerError)
}

/** What an answer says of its page, in the form of its schema. */
export const pageSchema = {
  meta: {
    page: z.int().meta({ description: 'which page this is' }),
    per_page: z.int().meta({ description: 'the most rows of a page' }),
    total: z.int().meta({ description: 'rows of all pages' }),
  },
  links: z
    .strictObject({
      self: z.string().meta({ description: 'this page' }),
      next: z.string().nullable().meta({ description: 'the page after it; null for the last' }),
      prev: z.string().nullable().meta({ description: 'the page before it; null for the first' }),
    })
    .meta({ description: 'addresses of pages, below the root of the server' }),
}

/** The part of an answer that is about its page. */
export interface PageAnswer {
  readonly meta: PageChoice & { readonly total: number }
  readonly links: { readonly self: string; readonly next: string | null; readonly prev: string | null }
}

/**
 * Returns what an answer says of the page that a query chose, of `total` rows. A page after the last one has no rows, and
 * leads back.
 *
 * @throws ServerError invalid_option - an argument has another form
 * @example
 * import { pageOf } from 'support-etl/server'
 *
 * pageOf('/api/v1/rooms?per_page=2&page=2', { page: 2, per_page: 2 }, 5).links.next // '/api/v1/rooms?per_page=2&page=3'
 */
export function pageOf(address: string, choice: PageChoice, total: number): PageAnswer {
  refuseUnless(typeof address === 'string', 'address', address, 'the address of the request', ServerError)
  refuseChoice(choice)
  refuseUnless(Number.isInteger(total), 'total', total, 'a number of rows', ServerError)
  const { page, per_page } = choice
  const [path = '', search = ''] = address.split('?', 2)
  const linkTo = (other: number): string => {
    const query = new URLSearchParams(search)
    query.set('page', String(other))
    return `${path}?${query}`
  }
  const last = Math.max(1, Math.ceil(total / per_page))
  return {
    meta: { page, per_page, total },
    links: {
      self: address,
      next: page < last ? linkTo(page + 1) : null,
      prev: page > 1 ? linkTo(Math.min(page - 1, last)) : null,
    },
  }
}

/**
 * Returns the part of a list that a query chose.
 *
 * @throws ServerError invalid_option - an argument has another form
 * @example
 * import { pageRows } from 'support-etl/server'
 *
 * pageRows(['a', 'b', 'c'], { page: 2, per_page: 2 }) // ['c']
 */
export function pageRows<Row>(rows: readonly Row[], choice: PageChoice): readonly Row[] {
  refuseUnless(Array.isArray(rows), 'rows', rows, 'a list', ServerError)
  refuseChoice(choice)
  const { page, per_page } = choice
  return rows.slice((page - 1) * per_page, page * per_page)
}
