/**
 * The support system: its job turns monthly deltas into current state and the support report. The
 * functions of the report and its questions are in the root entry.
 * @module
 */
export { SUPPORT_PLANS as supportPlans } from './engine-plans.ts'
export { supportJob, supportReportContract } from './job.ts'
