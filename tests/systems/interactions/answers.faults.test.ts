/** The embedded database in a folder: `show` beside a server that owns it, and after it. */
import { embeddedFolder } from '../../../src/server/database/named-database.ts'
import { embeddedDatabase } from '../../../src/server/database/served-database.ts'
import { NAMED_DATABASE } from '../../../src/systems/interactions/commands/ask.ts'
import { describeAnswers, effects } from './answers-suite.ts'

describeAnswers('the embedded database in a folder', {
  shows: 'once',
  async open(out) {
    const place = { out: () => out, folder: () => embeddedFolder(null, out) }
    return { destinations: [], serve: async () => embeddedDatabase(NAMED_DATABASE, place, effects), address: undefined }
  },
})
