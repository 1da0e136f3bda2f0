/**
 * Presets: declarations that ship, by the names that `support-etl.json` has for them.
 * @module
 */
import { amazonConnect } from './amazon-connect.ts'
import { asterisk } from './asterisk.ts'
import { excelBrazilian, excelFrench, excelGerman } from './excel.ts'
import { five9 } from './five9.ts'
import { genesys } from './genesys.ts'
import type { Preset } from './preset.ts'
import { talkdesk } from './talkdesk.ts'
import { twilio } from './twilio.ts'
import { zendesk } from './zendesk.ts'

/** The name of a preset. */
export type PresetName =
  | 'amazon-connect'
  | 'asterisk-queue-log'
  | 'excel-de'
  | 'excel-fr'
  | 'excel-pt-br'
  | 'five9'
  | 'genesys-cloud'
  | 'talkdesk'
  | 'twilio'
  | 'zendesk-talk'

/**
 * The presets by name: for the exports of Amazon Connect, Asterisk, Five9, Genesys Cloud, Talkdesk, Twilio and Zendesk Talk, each
 * with the contract of its rows; and for CSV that Excel saves in German, French and Brazilian settings. A preset is a declaration
 * and no guess: what a file has otherwise is an issue of its row.
 *
 * @example
 * const { contract, dialect } = PRESETS.talkdesk
 * const file = new TextEncoder().encode('{"entries":[{"call_id":"C1","type":"inbound","start_at":"2025-01-31T14:30:00Z"}],"total":1}')
 * readJson(file, contract, dialect).get('start_at', 0) // new Date('2025-01-31T14:30:00Z')
 */
export const PRESETS: Readonly<Record<PresetName, Preset>> = Object.freeze({
  'amazon-connect': amazonConnect,
  'asterisk-queue-log': asterisk,
  'excel-de': excelGerman,
  'excel-fr': excelFrench,
  'excel-pt-br': excelBrazilian,
  five9,
  'genesys-cloud': genesys,
  talkdesk,
  twilio,
  'zendesk-talk': zendesk,
})
