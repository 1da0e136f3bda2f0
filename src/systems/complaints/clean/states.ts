/**
 * Codes of states in addresses, as the postal service has them.
 * @module
 */

/** What a code of two letters stands for. */
export type Region = 'state' | 'district' | 'territory' | 'military'

const coded = (region: Region, codes: string) =>
  codes.split(' ').map((code): readonly [string, Region] => [code, region])

/** The region of each code; other codes are none. Territories include the freely associated states. */
export const REGIONS: ReadonlyMap<string, Region> = new Map([
  ...coded('state', 'AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO'),
  ...coded('state', 'MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY'),
  ...coded('district', 'DC'),
  ...coded('territory', 'AS GU MP PR VI FM MH PW'),
  ...coded('military', 'AA AE AP'),
])
