/**
 * What a page shows, kept in its address, so that a view can be shared and the back button works.
 * @module
 */

/** How a state is read from an address, and written into one. */
export interface AddressForm<State> {
  /** Returns the state of an address's query, and what in it could not be read. */
  fromQuery(query: string): { readonly state: State; readonly problem: string | null }
  /** Returns the query of a state; what is as it was at first is left out. */
  toQuery(state: State): string
}

type Listener<State> = (state: State) => void

/** The one state of the pages. A change is a step in the browser's history, unless it is one of many small ones. */
export class Store<State> {
  #state: State
  readonly #form: AddressForm<State>
  readonly #listeners = new Set<Listener<State>>()
  /** What of the address could not be read, for a notice. */
  problem: string | null = null

  constructor(form: AddressForm<State>) {
    this.#form = form
    this.#state = this.#read()
    addEventListener('popstate', () => {
      this.#state = this.#read()
      this.#tell()
    })
  }

  get state(): State {
    return this.#state
  }

  /** Calls the listener now and after every change. */
  subscribe(listener: Listener<State>): void {
    this.#listeners.add(listener)
    listener(this.#state)
  }

  change(change: Partial<State>, history_: 'step' | 'stay' = 'step'): void {
    this.#state = { ...this.#state, ...change }
    this.problem = null
    const query = this.#form.toQuery(this.#state)
    const address = `${location.pathname}${query === '' ? '' : `?${query}`}${location.hash}`
    if (history_ === 'step') history.pushState(null, '', address)
    else history.replaceState(null, '', address)
    this.#tell()
  }

  #read(): State {
    const { state, problem } = this.#form.fromQuery(location.search)
    this.problem = problem
    return state
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#state)
  }
}

/** What a page may do with the store: a page sees its own part of the state. */
export type PageStore<State> = Pick<Store<State>, 'state' | 'problem' | 'subscribe' | 'change'>
