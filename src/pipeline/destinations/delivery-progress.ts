/**
 * How far a delivery is: counted in rows, over all tables and days that it has to write.
 * @module
 */
import type { Frame } from '../../table/frame.ts'
import type { Effects } from '../effects.ts'
import type { DeliveredDay, DeliveredRows, DeliveredTable, DeliveredVersion } from './destination.ts'

/** Tells progress while the rows of a version are taken from it. */
export class DeliveryProgress {
  readonly #destination: string
  readonly #onProgress: Effects['onProgress']
  readonly #total: number
  #done = 0

  /** `isWanted` says which rows will be written: those of a table or day that stay as they are do not count. */
  constructor(
    destination: string,
    { tables }: Pick<DeliveredVersion, 'tables'>,
    isWanted: (rows: DeliveredRows) => boolean,
    onProgress: Effects['onProgress'],
  ) {
    this.#destination = destination
    this.#onProgress = onProgress
    const parts = tables.flatMap((table): readonly DeliveredRows[] => (table.kind === 'days' ? table.days : [table]))
    this.#total = parts.filter(isWanted).reduce((sum, { rows }) => sum + (rows ?? 0), 0)
  }

  /** Returns a table that tells how many of its rows were taken. */
  table(table: DeliveredTable): DeliveredTable {
    const load = async (): Promise<Frame> => {
      this.#tell(table.name, 0)
      const frame = await table.load()
      this.#tell(table.name, table.rows === null ? 0 : frame.rows)
      return frame
    }
    return { ...table, load, groups: () => this.#told(table, table.name) }
  }

  /** Returns a day that reports its rows as they are taken. `number` is its place among the `of` days of its table. */
  day(
    day: DeliveredDay,
    table: string,
    { number, of }: { readonly number: number; readonly of: number },
  ): DeliveredDay {
    return { ...day, groups: () => this.#told(day, of === 1 ? table : `${table} (day ${number} of ${of})`) }
  }

  async *#told({ rows, groups }: DeliveredRows, name: string): AsyncGenerator<Frame, void, undefined> {
    this.#tell(name, 0)
    for await (const frame of groups()) {
      yield frame
      // now they are written; rows that were not counted before do not count now
      this.#tell(name, rows === null ? 0 : frame.rows)
    }
  }

  #tell(name: string, rows: number): void {
    this.#done += rows
    const [done, total] = [this.#done, this.#total]
    this.#onProgress({ step: 'deliver', name, whole: this.#destination, done, total, rows: done })
  }
}
