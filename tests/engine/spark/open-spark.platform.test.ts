/** What goes into a session of Spark Connect comes back cell by cell. */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EngineConnection, openSpark, renderCreate } from '../../../src/engine/index.ts'
import type { Frame } from '../../../src/table/frame.ts'
import { sail } from '../../python-tools.ts'
import { bytesOf, cells, contract } from '../connection-cells.ts'
import { type SailServer, startSail } from './sail-server.ts'

describe.skipIf(!existsSync(sail))(
  'openSpark on Sail (.ci/run installs it in tests/.venv)',
  { timeout: 60_000 },
  () => {
    let server: SailServer
    let connection: EngineConnection
    beforeAll(async () => {
      server = await startSail()
      connection = await openSpark(server.url)
    }, 90_000)
    afterAll(async () => {
      await connection?.close()
      await server?.stop()
    })

    it('gives back every cell that was appended, in the order that is asked for', async () => {
      const columns = Object.entries(contract.columns).map(([name, { kind }]) => [name, kind] as const)
      await connection.exec(renderCreate('cells', columns, connection.dialect))
      await connection.append('cells', cells(), contract.columns)
      const found: Frame[] = []
      const query = 'SELECT * FROM `cells` ORDER BY `id`'
      for await (const batch of connection.query(query, contract.columns)) found.push(batch)
      expect(found).toHaveLength(1)
      expect(bytesOf(found[0] as Frame).equals(bytesOf(cells()))).toBe(true)
    })
  },
)
