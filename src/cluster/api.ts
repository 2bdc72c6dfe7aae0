/** A request to an API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Default: JSON, and a JSON patch for PATCH. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Default: the limits for a single object. */
  readonly limits?: AnswerLimits;
}

/** Limits of an answer. */
export interface AnswerLimits {
  /** The time until the whole answer has arrived, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** One API server. */
export interface ApiClient {
  /** Its address, for messages. */
  server(): string;
  /**
   * @returns the JSON of the answer
   * @throws ApiError, and errors of the connection or the kubeconfig as they are
   */
  request(request: ApiRequest): Promise<unknown>;
  /**
   * Resolves when the watch at `path` reports a change, or ends.
   * @throws as `request` does; 410 for an old version
   */
  untilChange(path: string, signal: AbortSignal): Promise<void>;
  /** The time of the API server's clock, in milliseconds since 1970. Undefined before its first answer. */
  time(): number | undefined;
  /** The namespace of the kubeconfig or the Pod. */
  namespace(): string | undefined;
}

interface ErrorAnswer {
  /** The seconds to wait, where the server sends them. */
  readonly retryAfter?: number | undefined;
  /** The JSON of the answer, usually a Status. */
  readonly answer?: unknown;
  /** Default: the HTTP status. */
  readonly problem?: string;
}

/**
 * An error answer of an API server. Neither its message nor its own properties contain the answer, so that no Secret
 * is written to our logs.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly problem: string;
  readonly #refusal: ErrorAnswer;

  constructor(method: string, path: string, status: number, details: ErrorAnswer = {}) {
    const problem = details.problem ?? `HTTP ${status}`;
    super(`${method} ${path.split('?', 1)[0]}: ${problem}`);
    this.status = status;
    this.problem = problem;
    this.#refusal = details;
  }

  /** The seconds to wait, where the server sends them. */
  get retryAfter(): number | undefined {
    return this.#refusal.retryAfter;
  }

  /** The JSON of the answer, usually a Status. It may quote the object. */
  get answer(): unknown {
    return this.#refusal.answer;
  }
}

/** Another client has written the object since it was read: read it again, and decide again. */
export function isConflict(error: unknown): boolean {
  // 422: a `test` operation of the JSON patch failed.
  return error instanceof ApiError && (error.status === 409 || error.status === 422);
}
