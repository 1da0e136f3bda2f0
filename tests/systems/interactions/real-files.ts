/** The files that this system was asked for with; tests that need them are skipped where they are not there. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of the three files; `brief-excerpt` and `ai-variant` are below it. */
export const REAL = join(import.meta.dirname, '../../../../shared/data/customer-interactions')
export const hasReal = existsSync(REAL)

/** Three small files in the form of the sources. */
export const SMALL = {
  'customer.csv': 'Customer_Id,Occupation,Type\r\n1,Baker,Gold\r\n2,Nurse,Silver\r\n3,,\r\n',
  'interactions.csv':
    'date_start,event,customers\r\n17/02/2021 09:30,Email,1\r\n05/03/2021 10:00,Call,1\r\n05/03/2021 10:00,Call,1\r\n04/03/2021 08:15,Call,2\r\n31/12/2021 23:59,Visit,9\r\n',
  'product.csv': 'date,product\r\n02-2021,Lamp\r\n03-2021,Lamp\r\n03-2021,Clock\r\n',
}
