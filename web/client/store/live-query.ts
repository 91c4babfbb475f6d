import { liveQuery, type Observable } from 'dexie';

/**
 * A query that runs again whenever a table it read changes, in any tab. It is tried twice. Dexie keeps to itself that the transaction of
 * such a query was given up: here that is told like any other failure.
 */
export function followQuery<T>(query: () => PromiseLike<T>): Observable<T> {
  return liveQuery(async () => {
    try {
      return await query();
    } catch {
      return await tellAborted(query);
    }
  });
}

async function tellAborted<T>(query: () => PromiseLike<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    throw new Error(error.message, { cause: error });
  }
}
