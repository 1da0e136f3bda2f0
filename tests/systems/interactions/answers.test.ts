import { embeddedDatabase } from '../../../src/server/database/served-database.ts'
import { NAMED_DATABASE } from '../../../src/systems/interactions/commands/ask.ts'
import { describeAnswers, effects } from './answers-suite.ts'

describeAnswers('the embedded database', {
  shows: 'never',
  async open(out) {
    // the server's own, in memory: runs only commit
    const place = { out: () => out, folder: () => null }
    return { destinations: [], serve: async () => embeddedDatabase(NAMED_DATABASE, place, effects), address: undefined }
  },
})
