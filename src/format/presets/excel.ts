import type { Preset } from './preset.ts'

const source =
  'https://support.microsoft.com/office/import-or-export-text-txt-or-csv-files-5250ac4c-663c-47ce-937b-339e391393ba'

/** What Excel saves as "CSV" where a comma is the decimal mark: semicolons, and the encoding of the system. */
const COMMA = { delimiter: ';', encoding: 'windows-1252', decimal: ',' } as const

/** CSV that a German Excel saved. */
export const excelGerman: Preset = {
  title: 'Excel in German settings, saved as CSV',
  source,
  format: 'csv',
  dialect: {
    ...COMMA,
    thousands: '.',
    dates: 'dd.MM.yyyy',
    timestamps: { form: 'dd.MM.yyyy HH:mm' },
    booleans: { true: ['WAHR'], false: ['FALSCH'] },
  },
  contract: null,
  sequenceBy: null,
}

/** CSV that a French Excel saved. */
export const excelFrench: Preset = {
  title: 'Excel in French settings, saved as CSV',
  source,
  format: 'csv',
  dialect: {
    ...COMMA,
    thousands: ' ',
    dates: 'dd/MM/yyyy',
    timestamps: { form: 'dd/MM/yyyy HH:mm' },
    booleans: { true: ['VRAI'], false: ['FAUX'] },
  },
  contract: null,
  sequenceBy: null,
}

/** CSV that a Brazilian Excel saved. */
export const excelBrazilian: Preset = {
  title: 'Excel in Brazilian settings, saved as CSV',
  source,
  format: 'csv',
  dialect: {
    ...COMMA,
    thousands: '.',
    dates: 'dd/MM/yyyy',
    timestamps: { form: 'dd/MM/yyyy HH:mm' },
    booleans: { true: ['VERDADEIRO'], false: ['FALSO'] },
  },
  contract: null,
  sequenceBy: null,
}
