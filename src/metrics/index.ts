/**
 * Measures of a contact center that need no system: staffing of queues, and business hours.
 * @module metrics
 */
export {
  type BusinessCalendar,
  type BusinessHours,
  businessCalendar,
  WEEKDAYS,
  type Weekday,
} from './business-hours.ts'
export { agentOccupancy, contactMetrics, type MetricResult, type MetricSettings } from './contact-metrics.ts'
export {
  agentsNeeded,
  erlangC,
  type QueueLoad,
  type QueueService,
  type StaffedQueue,
  type StaffingGoal,
} from './erlang-c.ts'
export {
  type ContactGroup,
  type ContactPeriod,
  firstContactResolution,
  RESOLUTION_RULES,
  type ResolutionExclusions,
  type ResolutionResult,
  type ResolutionRule,
  resolutionText,
} from './first-contact-resolution.ts'
export {
  type ContactMetric,
  type ContactOutcome,
  type ContactTime,
  type FormulaTerm,
  formulaText,
  type MetricFormula,
  type MetricProfile,
  termText,
} from './formulas.ts'
export { METRIC_PROFILES } from './profiles.ts'
