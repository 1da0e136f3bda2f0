/** The monthly job's files in twenty random dialects. */
import { describeDialects } from './random-dialects.ts'

describeDialects(Array.from({ length: 20 }, (_, at) => at + 1))
