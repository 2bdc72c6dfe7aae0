import { isMap, type JsonObject, readString } from '../policy/json.ts';
import { escapeInvisible } from '../policy/message.ts';
import type { TargetInfo } from '../policy/types.ts';
import { ApiError } from './api.ts';
import type { Collection } from './list-objects.ts';

/** A kind that the cluster has, and that could not be listed, with the reason. */
export interface Unread {
  readonly resource: string;
  readonly message: string;
}

export interface InventoryOptions {
  /**
   * Returns object by object, so that a large cluster is never in memory as a whole.
   * @throws ApiError where the server answers with an error
   */
  list(collection: Collection): AsyncIterable<unknown>;
  onUnread(unread: Unread): void;
}

/** Limit of the length of a server's message, in characters. */
const MAX_REASON = 200;

/**
 * All objects of a kind, each with `<resource>.<group>`. Several groups or versions of a kind have the same objects:
 * the first that the cluster serves is enough.
 */
export async function* listFirstServed(
  { apis, resource }: TargetInfo,
  { list, onUnread }: InventoryOptions,
  namespace?: string,
): AsyncGenerator<{ readonly object: JsonObject; readonly name: string }> {
  for (const { group, versions, isOfFiles } of apis) {
    if (isOfFiles) continue;
    for (const version of versions) {
      const name = `${resource}.${group}`;
      try {
        for await (const object of list({ group, version, resource, namespace })) {
          if (isMap(object)) yield { object, name };
        }
        return;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // The cluster does not have the kind, which is no fault.
        if (error.status === 404) continue;
        const message = readString(error.answer, 'message') ?? error.problem;
        onUnread({ resource: name, message: escapeInvisible(message, MAX_REASON) });
        return;
      }
    }
  }
}
