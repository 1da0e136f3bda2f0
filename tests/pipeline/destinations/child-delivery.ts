/**
 * One run with an embedded database in a process of its own: `child-delivery.ts MONTHS OUT FOLDER [AT]`. With AT the process
 * kills itself before that statement; then it takes no lock, and nobody else is there. With `reclaim` it says when it begins to
 * reclaim space.
 */
import type { Database } from '../../../src/connect/postgres/database.ts'
import { openEmbedded } from '../../../src/connect/postgres/embedded.ts'
import { databaseDestination, pglite } from '../../../src/pipeline/destinations/postgres/postgres.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { hallJob, sourceOf } from './delivered-rows.ts'
import { mortal } from './mortal-database.ts'

const [months = '0', out = '', folder = '', at] = process.argv.slice(2)
const kill = (): void => void process.kill(process.pid, 'SIGKILL')

function telling(database: Database): Database {
  return {
    ...database,
    async reclaim(tables) {
      process.stdout.write('reclaims\n')
      await database.reclaim(tables)
    },
  }
}

const destination =
  at === undefined
    ? pglite({ folder })
    : databaseDestination('pglite', {}, async () => {
        const database = await openEmbedded(`${folder}/postgres`)
        return at === 'reclaim' ? telling(database) : mortal(database, Number(at), kill).database
      })
process.stdout.write('begins\n')
const { commit, destinations } = await runPipeline(hallJob, {
  data: sourceOf(Number(months)),
  out,
  destinations: [destination],
})
process.stdout.write(JSON.stringify([commit, destinations[0]?.status]))
