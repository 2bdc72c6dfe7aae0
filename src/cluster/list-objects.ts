import { isMap, type JsonObject, read, readString } from '../policy/json.ts';
import { type AnswerLimits, type ApiClient, ApiError, type ApiRequest } from './api.ts';

export interface Collection {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The plural. */
  readonly resource: string;
  /** Undefined: all namespaces. */
  readonly namespace?: string | undefined;
  /** Default: any labels. */
  readonly labelSelector?: string;
}

export interface ListOptions {
  /** Limit of the objects in one page. */
  readonly pageSize: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const MAX_TRIES = 6;
/** Where a server asks to wait for more than a minute, the command gives up. */
const MAX_WAIT_SECONDS = 60;
/** Ten million objects in pages of a hundred. */
const MAX_PAGES = 100_000;
/** A page without items comes only from a list that expired between two pages. */
const MAX_EMPTY_PAGES = 10;

/** For one page: an API server ends its own requests after a minute, and etcd limits an object to 1.5 MiB. */
const PAGE_LIMITS: AnswerLimits = { timeoutMs: 90_000, maxBytes: 256 * 1024 * 1024 };

/**
 * All objects of a collection, page by page, so that only one page is in memory at a time.
 * @throws ApiError: 404 where the server does not have the kind, 403 where listing it is forbidden
 */
export async function* listCollection(
  api: Pick<ApiClient, 'request'>,
  collection: Collection,
  options: ListOptions,
): AsyncGenerator<JsonObject> {
  const path = pathOf(collection);
  const seen = new Set<string>();
  let token = '';
  let emptyPages = 0;
  do {
    const query = new URLSearchParams({
      limit: String(options.pageSize),
      ...(collection.labelSelector !== undefined && { labelSelector: collection.labelSelector }),
      ...(token !== '' && { continue: token }),
    });
    const page = await readPage(api, `${path}?${query}`, options.sleep);
    const items = itemsOf(page);
    if (items === undefined)
      throw new ApiError('GET', path, 200, { problem: 'HTTP 200, and no list of objects' });
    yield* items.map((item) => withType(item, page));
    token = readString(page, 'metadata', 'continue') ?? '';
    emptyPages = items.length === 0 ? emptyPages + 1 : 0;
    if (seen.has(token) || seen.size === MAX_PAGES || emptyPages === MAX_EMPTY_PAGES) {
      throw new ApiError('GET', path, 200, { problem: 'the list does not continue' });
    }
    if (token !== '') seen.add(token);
  } while (token !== '');
}

/** Undefined where it is no list. Go may also write an empty list as null. */
function itemsOf(page: unknown): readonly JsonObject[] | undefined {
  const items = read(page, 'items');
  if (items === null) return [];
  return Array.isArray(items) && items.every(isMap) ? items : undefined;
}

function pathOf({ group, version, resource, namespace }: Collection): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const part = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${part}/${resource}`;
}

/**
 * One page. A list that took too long has expired on the server. It then offers to continue with the present objects,
 * which gives a page without items.
 */
async function readPage(
  api: Pick<ApiClient, 'request'>,
  path: string,
  sleep: ListOptions['sleep'],
): Promise<unknown> {
  try {
    return await requestWithRetry(api, { method: 'GET', path, limits: PAGE_LIMITS }, sleep);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const goesOn = error.status === 410 && (readString(error.answer, 'metadata', 'continue') ?? '') !== '';
    if (goesOn) return { metadata: read(error.answer, 'metadata'), items: [] };
    throw error;
  }
}

/** Sends a request again while the server is busy: under load it answers 429 or 5xx, and says when to retry. */
export async function requestWithRetry(
  api: Pick<ApiClient, 'request'>,
  request: ApiRequest,
  sleep: ListOptions['sleep'],
): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await api.request(request);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const isBusy = error.status === 429 || error.status >= 500;
      if (!isBusy || tries === MAX_TRIES) throw error;
      await sleep(Math.min(error.retryAfter ?? 2 ** (tries - 1), MAX_WAIT_SECONDS) * 1000);
    }
  }
}

/** In lists of built-in kinds the items leave out the type, which the list has. */
function withType(item: JsonObject, list: unknown): JsonObject {
  if (read(item, 'kind') !== undefined) return item;
  const kind = readString(list, 'kind')?.replace(/List$/, '');
  const apiVersion = readString(list, 'apiVersion');
  return { ...(apiVersion !== undefined && { apiVersion }), ...(kind !== undefined && { kind }), ...item };
}
