/**
 * What a page is: a value that says what it is called, where it is, and how it is loaded and shown. The shell does the rest.
 * @module
 */
import type { Blank } from './empty.ts'
import type { AddressForm, PageStore } from './store.ts'

/** A figure in words, as the home page shows it. */
export interface Glance {
  readonly label: string
  readonly text: string
}

/** The newest figures of a page, and what they are of. */
export interface Glances {
  /** Such as the dates. */
  readonly scope: string
  readonly figures: readonly Glance[]
}

/** A term of a page and what it means. */
export interface Definition {
  readonly term: string
  readonly text: string
}

/** One sentence about the quality of the data, with a link to the rows it speaks of. */
export interface QualityNote {
  readonly text: string
  /** The query of the page that shows them. */
  readonly query?: string
  /** Whether somebody should look at it. */
  readonly isWarning?: boolean
}

/** What a page says about the data that it shows. */
export interface Told {
  /** The data in one sentence. */
  readonly about: string
  /** When the data was made: an instant in UTC; null where nobody knows. */
  readonly asOf: string | null
  readonly quality: readonly QualityNote[]
}

/** A page that stands in the shell. */
export interface MountedPage<Data> {
  readonly element: HTMLElement
  /** Shows data, at first and whenever it has changed, and returns what it is, at the latest when it is drawn. */
  show(data: Data): Told | Promise<Told>
}

/** What the shell gives a page. */
export interface PageHost<State> {
  readonly store: PageStore<State>
  /** Says what is shown, where that changes without new data. */
  readonly tell: (told: Told) => void
}

/** Tells how much is read, from 0 to 1. */
export type Progress = (share: number) => void

/** A page of a system. Its own code comes with `load` and `mount`, which import it when the page is first opened. */
export interface Page<State = unknown, Data = unknown> {
  readonly id: string
  /** Its heading, and its name in the navigation. */
  readonly title: string
  /** One sentence for the home page. */
  readonly summary: string
  /** The first part of its path: `calls` of `/calls`. */
  readonly route: string
  /** A drawing of 24 × 24, as the path of an SVG. */
  readonly icon: string
  /** The small files whose content changes whenever the page's data does: a manifest, a commit. */
  readonly versions: readonly string[]
  /** The newest figures for the home page: a file, and its content in words. */
  readonly glance?: { readonly file: string; read(content: unknown): Glances }
  /** What the page shows while there is no data; its commands make some. */
  readonly empty: Blank
  readonly help: readonly Definition[]
  /** Reads the data; null while there is none. Rejects with words for people. */
  load(onProgress: Progress): Promise<Data | null>
  readonly state: AddressForm<State>
  mount(host: PageHost<State>): Promise<MountedPage<Data>>
}

/** Returns a page; the shell collects what `page/index.ts` of each system exports as `page`. */
export function definePage<State, Data>(page: Page<State, Data>): Page<State, Data> {
  return page
}
