/**
 * The support system: the job that makes current state and the support report of monthly deltas. Its report and questions
 * are functions of the root entry.
 * @module
 */
export { supportJob, supportReportContract } from './job.ts'
