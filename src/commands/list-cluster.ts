import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, ApiError } from '../cluster/api.ts';
import { type Collection, listCollection } from '../cluster/list-objects.ts';
import { errorCode, toError, UserError } from '../errors.ts';
import { escapeInvisible } from '../policy/message.ts';

/** Limit of the objects in one page: some megabytes of Shoots. */
const PAGE_SIZE = 100;

const MAX_REASON = 200;

/** The error for an API server that cannot be reached, or does not answer as one. */
export function toUnreachable(api: Pick<ApiClient, 'server'>, reason: string): UserError {
  return new UserError(`cannot read from ${api.server()} (${escapeInvisible(reason, MAX_REASON)})`);
}

/** @throws ApiError where the server answers with an error, UserError where there is no server */
export async function* listCluster(api: ApiClient, collection: Collection) {
  try {
    yield* listCollection(api, collection, { pageSize: PAGE_SIZE, sleep });
  } catch (error) {
    // An error of the server is reported by kind. A missing server ends the run.
    if (error instanceof ApiError) throw error;
    throw toUnreachable(api, errorCode(error) ?? toError(error).message);
  }
}
