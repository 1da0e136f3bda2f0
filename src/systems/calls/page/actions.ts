/**
 * What a person can do to the filter, as changes of the store.
 * @module
 */

import type { PageStore } from '../../../page/store.ts'
import type { CallDimension, Member } from '../figures/call-set.ts'
import type { CallComparison, CallFilter, CallPeriod } from '../figures/filter.ts'
import type { CallFacet } from '../figures/selection.ts'
import type { CallsState } from './state.ts'

/** Drops the parts of the filter that select everything. */
function tidy(filter: CallFilter): CallFilter {
  const parts = Object.entries(filter).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  )
  // entries are only removed, so the result is still a filter
  return Object.fromEntries(parts) as CallFilter
}

export class Actions {
  readonly #store: PageStore<CallsState>

  constructor(store: PageStore<CallsState>) {
    this.#store = store
  }

  #set(
    change: { readonly [Facet in keyof CallFilter]?: CallFilter[Facet] | undefined },
    history: 'step' | 'stay' = 'step',
  ): void {
    const filter = tidy({ ...this.#store.state.filter, ...change } as CallFilter)
    this.#store.change({ filter, tablePage: 0 }, history)
  }

  setPeriod(period: CallPeriod | undefined, history: 'step' | 'stay' = 'step'): void {
    this.#set({ period }, history)
  }

  /** Sets the comparison; the default (the period before) is left out of the filter. */
  setComparison(compare: CallComparison): void {
    this.#set({ compare: compare === 'previous' ? undefined : compare })
  }

  setMinutes(minutes: CallFilter['minutes'], history: 'step' | 'stay' = 'step'): void {
    this.#set({ minutes }, history)
  }

  setMembers(dimension: CallDimension, members: readonly Member[]): void {
    this.#set({ [dimension]: members })
  }

  /** Adds the member to the choice, or removes it. */
  toggle(dimension: CallDimension, member: Member): void {
    const chosen = this.#store.state.filter[dimension] ?? []
    const isChosen = chosen.includes(member)
    this.setMembers(dimension, isChosen ? chosen.filter((one) => one !== member) : [...chosen, member])
  }

  /** Chooses hours of weekdays; choosing the same ones again clears the choice. */
  setHours(weekday: readonly string[], hour: readonly string[]): void {
    const { filter } = this.#store.state
    const isSame = String(filter.weekday) === String(weekday) && String(filter.hour) === String(hour)
    this.#set(isSame ? { weekday: [], hour: [] } : { weekday, hour })
  }

  clear(...facets: CallFacet[]): void {
    this.#set(Object.fromEntries(facets.map((facet) => [facet, undefined])))
  }

  reset(): void {
    this.#store.change({ filter: {}, tablePage: 0 })
  }
}
