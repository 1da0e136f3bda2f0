import { describe } from 'vitest'
import { clockSuite } from './clock-suite.ts'

describe('businessCalendar, with every minute of many spans', () => {
  clockSuite(60)
})
