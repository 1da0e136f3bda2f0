/**
 * Asks the API with a client that is generated from its OpenAPI document (`generate.ts`): paths, filters and answers have types,
 * so that a filter that does not exist does not compile.
 */
import { createClient } from './client/client/index.ts'
import { getAnomalies, getInteractions, getInteractionsCustomerId } from './client/index.ts'
import { withServer } from './server.ts'

await withServer(async (baseUrl) => {
  const client = createClient({ baseUrl })

  // one customer, up to a day
  const { data: one } = await getInteractionsCustomerId({
    client,
    path: { customer_id: 4 },
    query: { end_date: '2024-06-30' },
    throwOnError: true,
  })
  console.log('customer 4, up to June 2024:', JSON.stringify(one.data))

  // all customers, by channel
  const { data: channels } = await getInteractions({ client, query: { group_by: ['channel'] }, throwOnError: true })
  if ('group_by' in channels.meta) console.log('by channel:', JSON.stringify(channels.data))

  // what is new since November
  const { data: odd } = await getAnomalies({ client, query: { start_date: '2024-11-01' }, throwOnError: true })
  for (const { day, kind, subject, count } of odd.data) console.log(`${day}: ${kind} ${subject ?? ''}, ${count}`)

  // a refusal is a value, too
  const { error } = await getInteractions({
    client,
    // @ts-expect-error the data has no such channel, and the document says so
    query: { channel: ['Fax'] },
  })
  console.log(`${error?.code}: ${error?.faults?.[0]?.problem}`)
})
