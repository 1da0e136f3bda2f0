/**
 * The values that a query may have in the data: asked of a route once for each version of the data.
 * @module
 */
import type { AnswerCache } from '../answers/answer-cache.ts'
import type { RequestFault } from '../answers/problem.ts'
import { requestInvalid } from '../answers/request-fault.ts'
import type { Route, RouteContext } from '../route.ts'
import type { QueryValues } from './api-document.ts'

/** Finds the values of routes. */
export interface RouteValues {
  /** The values of a route's query; none where it declares none. @throws EtlError - what the route throws */
  of(route: Route, context: RouteContext): Promise<QueryValues>
}

const NONE: QueryValues = {}

/** Returns the finder of values, which forgets them with the answers. */
export function routeValues(cache: Pick<AnswerCache, 'version'>): RouteValues {
  const known = new Map<Route, { readonly version: number; readonly values: Promise<QueryValues> }>()
  return {
    async of(route, context) {
      if (route.values === undefined) return NONE
      const found = known.get(route)
      if (found?.version === cache.version) return found.values
      const values = route.values(context)
      known.set(route, { version: cache.version, values })
      // a failure is not kept
      values.catch(() => known.delete(route))
      return values
    },
  }
}

/** Refuses values that are not in the data: they would select nothing, which looks like an answer. @throws ServerError request_invalid */
export function refuseUnknownValues(query: Readonly<Record<string, unknown>>, values: QueryValues): void {
  const faults = Object.entries(values).flatMap(([name, allowed]): RequestFault[] => {
    const given = query[name]
    const wanted = given === undefined ? [] : Array.isArray(given) ? given : [given]
    const unknown = wanted.find((value) => !allowed.includes(String(value)))
    return unknown === undefined ? [] : [{ in: 'query', name, problem: `there is no "${unknown}"`, allowed }]
  })
  if (faults.length > 0) throw requestInvalid(faults)
}
