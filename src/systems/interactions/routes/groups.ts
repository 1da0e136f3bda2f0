/**
 * Counts by dimensions as an answer in pages: what every route gives that is asked with `group_by`.
 * @module
 */
import type { Kysely } from 'kysely'
import { type PageChoice, pageOf } from '../../../server/routes/paging.ts'
import { countGroups, interactionGroups, monthsWithSeveralProducts } from '../queries/counts.ts'
import type { Dimension, InteractionFilter, InteractionsSchema } from '../queries/schema.ts'
import type { GroupsAnswer } from './answer-schemas.ts'

/** The rows of a page. */
export function sliceOf({ page, per_page }: PageChoice): { readonly offset: number; readonly limit: number } {
  return { offset: (page - 1) * per_page, limit: per_page }
}

/** Returns the page of groups that a query chose. */
export async function groupsAnswer(
  database: Kysely<InteractionsSchema>,
  filter: InteractionFilter,
  by: readonly Dimension[],
  { address, choice }: { readonly address: string; readonly choice: PageChoice },
): Promise<GroupsAnswer> {
  const total = await countGroups(database, filter, by)
  const groups = await interactionGroups(database, filter, by, sliceOf(choice))
  const several = by.includes('product') ? await monthsWithSeveralProducts(database, filter) : []
  const { meta, links } = pageOf(address, choice, total)
  return {
    data: groups.map(
      ({ values, interaction_count }) => ({ ...values, interaction_count }) as GroupsAnswer['data'][number],
    ),
    meta: { ...meta, group_by: [...by], months_with_several_products: several },
    links,
  }
}
