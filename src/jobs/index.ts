/**
 * Jobs as values, ready to be run by the pipeline.
 * @module
 */
export { supportJob, supportReportContract } from './support.ts'
