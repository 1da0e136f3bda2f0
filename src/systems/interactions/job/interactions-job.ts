/**
 * The interactions job as a value: three files, each replaced as a whole, and their tables.
 * @module
 */
import { defineJob } from '../../../pipeline/job/define-job.ts'
import type { Job } from '../../../pipeline/job/job.ts'
import type { SourceFormat } from '../../../pipeline/sources/formats/formats.ts'
import { type SnapshotOptions, snapshots } from '../../../pipeline/sources/snapshots.ts'
import { customers, interactions, products } from '../tables.ts'
import { customersFormat, interactionsFormat, productsFormat } from './export-format.ts'

/** The files in the job's source place. Only the interactions must be there. */
export const FILES = {
  customers: ['customer.csv', 'customers.csv'],
  interactions: ['interactions.csv', 'customer_interactions.csv'],
  products: ['product.csv', 'products.csv'],
} as const

function fileOf([file, ...otherNames]: readonly [string, ...string[]], format: SourceFormat): SnapshotOptions {
  return { file, otherNames, format }
}

/**
 * The interactions job, for the functions of `support-etl/pipeline`: `runPipeline`, `readState`, `followCommits`. Its source
 * place holds `interactions.csv`, and perhaps `customer.csv` and `product.csv`; each is the whole table and may be replaced.
 * Dates are wall time, day first.
 */
export const interactionsJob: Job = defineJob({
  name: 'interactions',
  tables: {
    customers: {
      contract: customers,
      source: snapshots({ ...fileOf(FILES.customers, customersFormat()), whereMissing: 'empty' }),
    },
    interactions: { contract: interactions, source: snapshots(fileOf(FILES.interactions, interactionsFormat())) },
    products: {
      contract: products,
      source: snapshots({ ...fileOf(FILES.products, productsFormat()), whereMissing: 'empty' }),
    },
  },
})
