/**
 * What a page shows, kept in its address, so that a view can be shared and the back button works.
 * @module
 */

/** How a state is read from an address, and written into one. */
export interface AddressForm<State> {
  /**
   * Returns the state of an address, and what in it could not be read. `path` is what follows the page's route:
   * `['agents', 'A12']` of `/calls/agents/A12`.
   */
  fromQuery(query: string, path?: readonly string[]): { readonly state: State; readonly problem: string | null }
  /** Returns the query of a state; what is as it was at first is left out. */
  toQuery(state: State): string
  /** Returns what follows the route; nothing where it is left out. */
  toPath?(state: State): readonly string[]
}

type Listener<State> = (state: State) => void

/** A part of an address, as a state makes it. */
export interface StateAddress {
  readonly path: readonly string[]
  readonly query: string
}

/** The state of one page. A change is a step in the browser's history, unless it is one of many small ones. */
export class Store<State> {
  #state: State
  readonly #form: AddressForm<State>
  readonly #write: (address: StateAddress, how: 'step' | 'stay') => void
  readonly #listeners = new Set<Listener<State>>()
  /** What of the address could not be read, for a notice. */
  problem: string | null = null

  /** `write` puts the address of a changed state into the browser's. */
  constructor(form: AddressForm<State>, write: (address: StateAddress, how: 'step' | 'stay') => void) {
    this.#form = form
    this.#write = write
    this.#state = form.fromQuery('', []).state
  }

  get state(): State {
    return this.#state
  }

  /** The address of the state. */
  get address(): StateAddress {
    return { path: this.#form.toPath?.(this.#state) ?? [], query: this.#form.toQuery(this.#state) }
  }

  /** Takes the state of an address, which the browser has already. */
  read({ query, path }: StateAddress): void {
    const { state, problem } = this.#form.fromQuery(query, path)
    this.#state = state
    this.problem = problem
    this.#tell()
  }

  /** Calls the listener now and after every change. */
  subscribe(listener: Listener<State>): void {
    this.#listeners.add(listener)
    listener(this.#state)
  }

  change(change: Partial<State>, how: 'step' | 'stay' = 'step'): void {
    this.#state = { ...this.#state, ...change }
    this.problem = null
    this.#write(this.address, how)
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#state)
  }
}

/** What a page may do with its store. */
export type PageStore<State> = Pick<Store<State>, 'state' | 'problem' | 'subscribe' | 'change'>
