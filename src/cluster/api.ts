/** What an API server is asked for. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Left out: JSON, and of a PATCH a JSON patch. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Left out: what a single object needs. */
  readonly limits?: AnswerLimits;
}

/** How much is waited for. */
export interface AnswerLimits {
  /** Until the whole answer has arrived, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** One API server. */
export interface ApiClient {
  /** Its address, for messages. */
  server(): string;
  /** @returns the JSON of the answer. @throws ApiError, and errors of the connection or the kubeconfig as they are */
  request(request: ApiRequest): Promise<unknown>;
  /** Resolves when the watch at `path` reports a change, or is over. @throws as request does; 410 for an old version */
  untilChange(path: string, signal: AbortSignal): Promise<void>;
  /** What time the API server's clock shows, in milliseconds since 1970; undefined before its first answer. */
  time(): number | undefined;
  /** The namespace that the kubeconfig or the Pod is in. */
  namespace(): string | undefined;
}

interface ApiRefusal {
  /** Seconds, where the server asks to wait. */
  readonly retryAfter?: number | undefined;
  /** The JSON of the answer, mostly a Status. */
  readonly answer?: unknown;
  /** Left out: the HTTP status. */
  readonly problem?: string;
}

/**
 * An API server that does not do what it was asked. Neither its message nor its properties hold anything of the answer:
 * that of a Secret is in none of our logs.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly problem: string;
  readonly #refusal: ApiRefusal;

  constructor(method: string, path: string, status: number, refusal: ApiRefusal = {}) {
    const problem = refusal.problem ?? `HTTP ${status}`;
    super(`${method} ${path.split('?', 1)[0]}: ${problem}`);
    this.status = status;
    this.problem = problem;
    this.#refusal = refusal;
  }

  /** Seconds, where the server asks to wait. */
  get retryAfter(): number | undefined {
    return this.#refusal.retryAfter;
  }

  /** What the server has sent with it, mostly a Status; it may quote the object. */
  get answer(): unknown {
    return this.#refusal.answer;
  }
}

/** Somebody else was quicker: what was read is old, and what was to be written must be thought over. */
export function isConflict(error: unknown): boolean {
  // 422: a JSON patch whose `test` did not hold.
  return error instanceof ApiError && (error.status === 409 || error.status === 422);
}
