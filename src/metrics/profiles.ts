/**
 * The formulas that vendors document, each with its source. They differ: figures of two vendors compare only by one profile.
 * @module
 */
import type { FormulaTerm, MetricFormula, MetricProfile } from './formulas.ts'

const ANSWERED: FormulaTerm = { outcomes: ['answered'] }
const ANSWERED_IN_TIME: FormulaTerm = { outcomes: ['answered'], isWithinTarget: true }

const AWS = 'https://docs.aws.amazon.com/connect/latest/adminguide/metrics-definitions.html'
const AMAZON_QUEUED: FormulaTerm = {
  outcomes: ['answered', 'abandoned_in_queue', 'callback_requested', 'flowed_out', 'missed'],
}

const amazonConnect: readonly MetricFormula[] = [
  {
    metric: 'service_level',
    title: 'Service level',
    unit: 'share',
    // whatever takes a contact out of the queue in time meets the target, also that its customer hung up
    numerator: { outcomes: ['answered', 'abandoned_in_queue', 'callback_requested'], isWithinTarget: true },
    denominator: AMAZON_QUEUED,
    exclusions: ['A contact that its customer abandons within the target counts as within the service level.'],
    source: AWS,
  },
  {
    metric: 'abandonment',
    title: 'Abandonment rate',
    unit: 'share',
    numerator: { outcomes: ['abandoned_in_queue'] },
    denominator: AMAZON_QUEUED,
    exclusions: ['Contacts that wait for a callback are not abandoned, and are in the denominator.'],
    source: 'https://docs.aws.amazon.com/connect/latest/adminguide/data-lake-reference-queries.html',
  },
  {
    metric: 'handle_time',
    title: 'Average handle time',
    unit: 'seconds',
    numerator: { ...ANSWERED, times: ['talk_seconds', 'hold_seconds', 'after_seconds'] },
    denominator: ANSWERED,
    exclusions: ['Time in the queue is not handle time.'],
    source: AWS,
  },
  {
    metric: 'answer_speed',
    title: 'Average queue answer time',
    unit: 'seconds',
    numerator: { ...ANSWERED, times: ['queued_seconds'] },
    denominator: ANSWERED,
    exclusions: ['Contacts that were not answered do not count.'],
    source: AWS,
  },
]

const genesysCloud: readonly MetricFormula[] = [
  {
    metric: 'service_level',
    title: 'Service level',
    unit: 'share',
    numerator: ANSWERED_IN_TIME,
    denominator: { outcomes: ['answered', 'abandoned_in_queue'], isWithoutShortAbandons: true },
    exclusions: [
      'The organization has three switches: here flow-outs and short abandons do not count, and other abandons do.',
    ],
    source: 'https://help.mypurecloud.com/articles/configure-the-service-level-calculation/',
  },
]

const TALKDESK_INBOUND: FormulaTerm = {
  outcomes: ['answered', 'abandoned_in_queue', 'abandoned_in_voicemail', 'missed', 'voicemail'],
  isWithoutShortAbandons: true,
}

const talkdesk: readonly MetricFormula[] = [
  {
    metric: 'service_level',
    title: '% Service Level',
    unit: 'share',
    numerator: ANSWERED_IN_TIME,
    denominator: TALKDESK_INBOUND,
    exclusions: [
      'Short abandons count in neither part, where the account has that setting; set 0 seconds where it has not.',
      'A caller who leaves a voicemail is an inbound contact that was not answered.',
    ],
    source: 'https://support.talkdesk.com/hc/en-us/articles/4409690831259-Service-Level',
  },
  {
    metric: 'abandonment',
    title: 'Abandon Rate',
    unit: 'share',
    numerator: { outcomes: ['abandoned_in_queue', 'abandoned_in_voicemail'], isWithoutShortAbandons: true },
    denominator: TALKDESK_INBOUND,
    exclusions: [
      'Short abandons count in neither part, where the account has that setting; set 0 seconds where it has not.',
      'A caller who hangs up during the greeting of the voicemail has abandoned the contact, too.',
    ],
    source: 'https://support.talkdesk.com/hc/en-us/articles/4409581637787-Abandon-Rate',
  },
]

const zendeskTalk: readonly MetricFormula[] = [
  {
    metric: 'abandonment',
    title: 'Abandoned calls',
    unit: 'share',
    numerator: {
      outcomes: ['abandoned_in_ivr', 'abandoned_in_queue', 'abandoned_in_voicemail', 'abandoned_on_hold'],
    },
    denominator: {
      outcomes: [
        ...([
          'answered',
          'abandoned_in_ivr',
          'abandoned_in_queue',
          'abandoned_in_voicemail',
          'abandoned_on_hold',
        ] as const),
        ...(['callback_requested', 'flowed_out', 'missed', 'voicemail'] as const),
      ],
    },
    exclusions: ['A caller who hangs up in the IVR, in voicemail or on hold has abandoned the call, too.'],
    source: 'https://support.zendesk.com/hc/en-us/articles/4409156145434-Metrics-and-attributes-for-Zendesk-Talk',
  },
]

/** The profiles by name. */
export const METRIC_PROFILES: Readonly<
  Record<'amazon-connect' | 'genesys-cloud' | 'talkdesk' | 'zendesk-talk', MetricProfile>
> = {
  'amazon-connect': { name: 'amazon-connect', title: 'Amazon Connect', formulas: amazonConnect },
  'genesys-cloud': { name: 'genesys-cloud', title: 'Genesys Cloud', formulas: genesysCloud },
  talkdesk: { name: 'talkdesk', title: 'Talkdesk', formulas: talkdesk },
  'zendesk-talk': { name: 'zendesk-talk', title: 'Zendesk Talk', formulas: zendeskTalk },
}
