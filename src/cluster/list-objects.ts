import { isMap, read, readList, readString } from '../policy/json.ts';
import type { ApiAnswer, ApiReader } from './api-reader.ts';

export interface Collection {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural. */
  readonly resource: string;
  /** Undefined: all of them. */
  readonly namespace?: string | undefined;
}

export interface ListOptions {
  /** Most objects of one answer. */
  readonly pageSize: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** The API server has refused. */
export class ApiStatusError extends Error {
  override name = 'ApiStatusError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const MAX_TRIES = 6;

/**
 * Every object of a collection, page by page, so that only one page is held at a time.
 * @throws ApiStatusError when the server refuses: 404 where it does not know the kind, 403 where one may not list it
 */
export async function* listObjects(
  api: ApiReader,
  collection: Collection,
  options: ListOptions,
): AsyncGenerator<unknown> {
  const path = pathOf(collection);
  let token = '';
  do {
    const query = new URLSearchParams({
      limit: String(options.pageSize),
      ...(token !== '' && { continue: token }),
    });
    const answer = await getWithPatience(api, `${path}?${query}`, options.sleep);
    const body = parse(answer);
    // A list that took too long has gone from the server's memory; it offers to go on with what there is now.
    const goesOn = answer.status === 410 ? readString(body, 'metadata', 'continue') : undefined;
    if (answer.status !== 200 && (goesOn ?? '') === '') {
      throw new ApiStatusError(answer.status, readString(body, 'message') ?? `HTTP ${answer.status}`);
    }
    if (goesOn === undefined) yield* readList(body, 'items').map((item) => withType(item, body));
    const next = goesOn ?? readString(body, 'metadata', 'continue') ?? '';
    if (next !== '' && next === token) throw new ApiStatusError(answer.status, 'the list does not go on');
    token = next;
  } while (token !== '');
}

function pathOf({ group, version, resource, namespace }: Collection): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const part = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${part}/${resource}`;
}

/** An API server under load says 429 or 5xx, and when to come again. */
async function getWithPatience(
  api: ApiReader,
  path: string,
  sleep: ListOptions['sleep'],
): Promise<ApiAnswer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await api.get(path);
    const isBusy = answer.status === 429 || answer.status >= 500;
    if (!isBusy || tries === MAX_TRIES) return answer;
    await sleep((answer.retryAfter ?? 2 ** (tries - 1)) * 1000);
  }
}

function parse(answer: ApiAnswer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    throw new ApiStatusError(answer.status, `HTTP ${answer.status}, and no JSON`);
  }
}

/** In lists of built-in kinds the items leave out what the list says already. */
function withType(item: unknown, list: unknown): unknown {
  if (!isMap(item) || read(item, 'kind') !== undefined) return item;
  const kind = readString(list, 'kind')?.replace(/List$/, '');
  const apiVersion = readString(list, 'apiVersion');
  return { ...(apiVersion !== undefined && { apiVersion }), ...(kind !== undefined && { kind }), ...item };
}
