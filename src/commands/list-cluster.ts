import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, ApiError } from '../cluster/api.ts';
import { type Collection, listCollection } from '../cluster/list-objects.ts';
import { errorCode, toError, UserError } from '../errors.ts';
import { escapeInvisible } from '../policy/message.ts';

/** Objects of one answer: some megabytes of Shoots. */
const PAGE_SIZE = 100;

const MAX_REASON = 200;

/** That an API server cannot be reached, or does not answer as one. */
export function toUnreachable(api: Pick<ApiClient, 'server'>, reason: string): UserError {
  return new UserError(`cannot read from ${api.server()} (${escapeInvisible(reason, MAX_REASON)})`);
}

/** @throws ApiError where the server refuses, UserError where there is none */
export async function* listCluster(api: ApiClient, collection: Collection) {
  try {
    yield* listCollection(api, collection, { pageSize: PAGE_SIZE, sleep });
  } catch (error) {
    // What the server refuses is told by kind; that there is none ends the run.
    if (error instanceof ApiError) throw error;
    throw toUnreachable(api, errorCode(error) ?? toError(error).message);
  }
}
