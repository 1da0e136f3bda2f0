/**
 * The complaints system's tables: five sources as they arrive, and what cleaning makes of each.
 * @module
 */
import {
  type ColumnContracts,
  date,
  defineTable,
  float64,
  int32,
  key,
  measure,
  nullable,
  reference,
  string,
  timestamp,
} from '../../table/contract.ts'

/** What complaints are about. */
export const CATEGORIES = ['Technician Support', 'Network Failure', 'Router Delivery', 'Payments'] as const
/** How far a complaint is. */
export const STATUSES = ['Resolved', 'In-Progress', 'Backlog', 'Blocked'] as const
/** Where complaints on social media are written. */
export const PLATFORMS = ['Instagram', 'Twitter', 'Facebook', 'LinkedIn'] as const
/** How experienced an agent is, from least to most. */
export const EXPERIENCE = ['Intern', 'Junior', 'Mid-level', 'Senior'] as const
/** How complaints arrive. */
export const CHANNELS = ['call', 'social media', 'web form'] as const
/** How a complaint arrived. */
export type Channel = (typeof CHANNELS)[number]

const text = () => nullable(string({ encoding: 'plain' }))
const word = () => nullable(string())
/** A key with as many values as rows: as codes of a dictionary it would be longer, not shorter. */
const id = () => key(string({ encoding: 'plain' }))

/** What every complaint source says, in its own words. */
const RAW_COMPLAINT = {
  complaint_id: id(),
  customer_id: text(),
  category: word(),
  agent_id: word(),
  resolution_status: word(),
  generated_on: word(),
} as const

/** Names of columns as the sources write them. */
const SHARED_ALIASES = {
  'customeR iD': 'customer_id',
  'COMPLAINT_catego ry': 'category',
  'agent ID': 'agent_id',
  resolutionstatus: 'resolution_status',
} as const

/** Names in the header of a call log; its first column is a leftover index without a name. */
export const CALL_LOG_ALIASES = {
  ...SHARED_ALIASES,
  '': 'leftover_index',
  'call ID': 'complaint_id',
  callLogsGenerationDate: 'generated_on',
} as const
/** Names of the columns of a social media export. */
export const SOCIAL_MEDIA_ALIASES = { ...SHARED_ALIASES, MediaComplaintGenerationDate: 'generated_on' } as const
/** Names in the header of a day of web forms. */
export const WEB_FORM_ALIASES = {
  ...SHARED_ALIASES,
  Column1: 'leftover_index',
  request_id: 'complaint_id',
  webFormGenerationDate: 'generated_on',
} as const
/** Names in the header of the customers. */
export const CUSTOMER_ALIASES = { Gender: 'gender', 'DATE of biRTH': 'birth_date' } as const
/** Names in the first row of the agents' sheet. */
export const AGENT_ALIASES = { iD: 'agent_id', NamE: 'name' } as const

/** Agents as their sheet has them, one row an agent. A column that is not declared refuses the sheet. */
export const rawAgents = defineTable('raw_agents', {
  agent_id: key(string()),
  name: text(),
  experience: word(),
  state: word(),
})

/** Customers as exported, one row a customer. The newest export counts. A column that is not declared refuses it. */
export const rawCustomers = defineTable('raw_customers', {
  customer_id: id(),
  name: text(),
  gender: word(),
  birth_date: text(),
  signup_date: text(),
  email: text(),
  address: text(),
})

/** Calls as delivered, one row a call and delivery day. A column that is not declared refuses the day, as in the two tables below. */
export const rawCallLogs = defineTable('raw_call_logs', {
  leftover_index: text(),
  ...RAW_COMPLAINT,
  call_start_time: text(),
  call_end_time: text(),
})

/** Complaints on social media as delivered, one row a complaint and delivery day. */
export const rawSocialMedia = defineTable('raw_social_media', {
  ...RAW_COMPLAINT,
  request_date: text(),
  resolution_date: text(),
  media_channel: word(),
})

/** Web forms as delivered, one row a request and delivery day. */
export const rawWebForms = defineTable('raw_web_forms', {
  leftover_index: text(),
  ...RAW_COMPLAINT,
  request_date: text(),
  resolution_date: text(),
})

/** Dimension, one row an agent. */
export const agents = defineTable('agents', {
  agent_id: key(string()),
  name: text(),
  /** One of {@link EXPERIENCE}; null where the sheet has another word. */
  experience: word(),
  state: word(),
})

/**
 * Dimension, one row a version of an agent (slowly changing, type 2), an agent's versions one after the other. A version is valid from
 * the commit that brought it until, exclusive, the commit that had other cells, or no such agent; null while it is the current one.
 */
export const agentVersions = defineTable('agent_versions', {
  agent_id: key(string()),
  /** From 1 for each agent. */
  version: key(int32()),
  name: text(),
  experience: word(),
  state: word(),
  valid_from: timestamp(),
  valid_to: nullable(timestamp()),
})

/** Dimension, one row a customer. Cells that could not be read are null, and `doubts` names their columns. */
export const customers = defineTable('customers', {
  customer_id: id(),
  name: text(),
  /** `F` or `M`. */
  gender: word(),
  birth_date: nullable(date()),
  signup_date: nullable(date()),
  /** The address to write to: as delivered, or repaired by `email_rule`. */
  email: text(),
  email_original: text(),
  /** `none`, `domain_case`, `domain_typo`, `domain_unknown` (kept as it is) or `unreadable` (no address). */
  email_rule: word(),
  /** How sure the rule is, from 0 to 1. */
  email_confidence: nullable(measure(float64())),
  street: text(),
  city: word(),
  /** Two letters, military (`AA` `AE` `AP`) and territories included. */
  state: word(),
  zip: word(),
  /** `state`, `district`, `territory` or `military`. */
  region: word(),
  /** Names of columns whose cells are doubtful, with a space between them; null for none. */
  doubts: word(),
})

const COMPLAINT = {
  complaint_id: id(),
  /** One of {@link CHANNELS}. */
  channel: string(),
  /** One of {@link PLATFORMS} for social media; null for other channels. */
  platform: word(),
  customer_id: nullable(reference('customers', string({ encoding: 'plain' }))),
  agent_id: nullable(reference('agents', string())),
  category: string(),
  status: string(),
  opened_at: timestamp(),
  /** The end of a call; null for other channels, and for a call without an end. */
  ended_at: nullable(timestamp()),
  /** The resolution; null while the complaint is open. */
  resolved_at: nullable(timestamp()),
  delivered_on: date(),
  /** What was repaired or could not be checked, as words with a space between them; null for nothing. */
  remarks: word(),
} as const satisfies ColumnContracts

/** Fact, one row a call and delivery day. A call is resolved at its end where its status is Resolved. Timestamps are UTC. */
export const callLogs = defineTable('call_logs', COMPLAINT)
/** Fact, one row a complaint on social media and delivery day. Timestamps are UTC. */
export const socialMedia = defineTable('social_media', COMPLAINT)
/** Fact, one row a web form and delivery day. Timestamps are UTC. */
export const webForms = defineTable('web_forms', COMPLAINT)

/** Report, one row a delivery day, channel, category and status that has complaints, in this order. */
export const complaintVolumes = defineTable('complaint_volumes', {
  delivered_on: key(string()),
  channel: key(string()),
  category: key(string()),
  status: key(string()),
  complaints: measure(float64()),
})

/** Report, one row an address that several customers have where it was repaired for one of them; by address. */
export const emailCollisions = defineTable('email_collisions', {
  email: id(),
  customers: measure(float64()),
  repaired: measure(float64()),
})
