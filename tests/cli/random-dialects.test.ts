/** Three of the twenty dialects of `random-dialects.faults.test.ts`. */
import { describeDialects } from './random-dialects.ts'

describeDialects([1, 2, 3])
