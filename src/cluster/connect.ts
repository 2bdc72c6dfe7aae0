import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { read } from '../policy/json.ts';
import { type AnswerLimits, type ApiClient, ApiError, type ApiRequest } from './api.ts';
import { explainPlugin, type KubeconfigSource, loadKubeconfig } from './kubeconfig.ts';

const CONTENT_TYPES = { PATCH: 'application/json-patch+json' } as Readonly<Record<string, string>>;
/** client-go checks for a newer token after the same time. */
const CONFIG_MAX_AGE_MS = 60_000;
/** For one object, whose size etcd limits to 1.5 MiB. */
const OBJECT_LIMITS: AnswerLimits = { timeoutMs: 10_000, maxBytes: 8 * 1024 * 1024 };
/** A Status is small: it contains no object. */
const MAX_REFUSAL_BYTES = 1024 * 1024;

/**
 * The API server of a kubeconfig. The file is read again every minute, so that renewed credentials are used.
 * @param now monotonic milliseconds
 * @throws UserError for a kubeconfig that names no API server
 */
export async function connect(
  source: KubeconfigSource,
  now: () => number = () => performance.now(),
): Promise<ApiClient> {
  const { KubeConfig: Config } = await import('./libraries.ts');
  return new HttpsApiClient(() => loadKubeconfig(Config, source), now);
}

class HttpsApiClient implements ApiClient {
  readonly #load: () => KubeConfig;
  readonly #now: () => number;
  #config: KubeConfig;
  #loadedAt: number;
  /** The last time of the server's clock, and our time when it was received. */
  #clock: { readonly date: number; readonly at: number } | undefined;

  constructor(load: () => KubeConfig, now: () => number) {
    this.#load = load;
    this.#now = now;
    this.#config = load();
    this.#loadedAt = now();
  }

  server(): string {
    return this.#config.getCurrentCluster()?.server.replace(/\/$/, '') ?? '';
  }

  time(): number | undefined {
    return this.#clock && this.#clock.date + (this.#now() - this.#clock.at);
  }

  namespace(): string | undefined {
    return this.#config.getContextObject(this.#config.getCurrentContext())?.namespace;
  }

  async request(request: ApiRequest): Promise<unknown> {
    const { timeoutMs, maxBytes } = request.limits ?? OBJECT_LIMITS;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    try {
      const response = await this.#open({ ...request, signal });
      if (!isSuccess(response)) throw await toApiError(request, response);
      const body = readJson(await readBody(response, maxBytes));
      if (body !== undefined) return body.value;
      const problem = `HTTP ${response.statusCode}, and no JSON`;
      throw new ApiError(request.method, request.path, statusOf(response), { problem });
    } catch (error) {
      if (!timeout.aborted || request.signal?.aborted) throw error;
      throw new Error(`the API server has not answered within ${timeoutMs / 1000} seconds`);
    }
  }

  async untilChange(path: string, signal: AbortSignal): Promise<void> {
    const response = await this.#open({ method: 'GET', path, signal });
    const status = statusOf(response);
    if (!isSuccess(response)) {
      response.destroy();
      throw new ApiError('GET', path, status);
    }
    const line = await readLine(response, OBJECT_LIMITS.maxBytes);
    if (line === undefined) return;
    const event = readJson(line);
    if (event === undefined)
      throw new ApiError('GET', path, status, { problem: `HTTP ${status}, and no JSON` });
    if (read(event.value, 'type') !== 'ERROR') return;
    const code = read(event.value, 'object', 'code');
    throw new ApiError('GET', path, typeof code === 'number' ? code : 500);
  }

  async #open({ method, path, body, contentType, signal }: ApiRequest): Promise<http.IncomingMessage> {
    if (this.#now() - this.#loadedAt > CONFIG_MAX_AGE_MS) {
      this.#config = this.#load();
      this.#loadedAt = this.#now();
    }
    const url = new URL(this.server() + path);
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const type = contentType ?? CONTENT_TYPES[method] ?? 'application/json';
    const settings: https.RequestOptions = {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'calico-admission',
        ...(sent !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(sent) }),
      },
      ...(signal && { signal }),
    };
    // For each request, because a plugin may have renewed the token.
    await this.#config.applyToHTTPSOptions(settings).catch((error: unknown) => {
      throw explainPlugin(this.#config, error);
    });
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const outgoing = (url.protocol === 'http:' ? http : https).request(url, settings, resolve);
      outgoing.on('error', reject);
      outgoing.end(sent);
    });
    const date = Date.parse(response.headers.date ?? '');
    if (!Number.isNaN(date)) this.#clock = { date, at: this.#now() };
    return response;
  }
}

function statusOf(response: http.IncomingMessage): number {
  return response.statusCode ?? 0;
}

function isSuccess(response: http.IncomingMessage): boolean {
  return statusOf(response) >= 200 && statusOf(response) < 300;
}

async function toApiError({ method, path }: ApiRequest, response: http.IncomingMessage): Promise<ApiError> {
  const seconds = Number(response.headers['retry-after']);
  const retryAfter = Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
  // The reason is in the Status. Where the rest of the answer does not arrive, only the HTTP status is known.
  const text = await readBody(response, MAX_REFUSAL_BYTES).catch(() => '');
  return new ApiError(method, path, statusOf(response), { retryAfter, answer: readJson(text)?.value });
}

/** @throws Error when there are more bytes */
async function readBody(response: http.IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(bytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The first line of an answer that goes on. Undefined where it ends before. */
async function readLine(response: http.IncomingMessage, maxBytes: number): Promise<string | undefined> {
  response.setEncoding('utf8');
  let text = '';
  // Leaving the loop destroys the response. Not readline, which never ends on an interrupted input.
  for await (const chunk of response) {
    const end: number = chunk.indexOf('\n');
    if (end !== -1) return text + chunk.slice(0, end);
    text += chunk;
    if (text.length > maxBytes) throw tooLarge(text.length);
  }
  return undefined;
}

function tooLarge(bytes: number): Error {
  return new Error(`the API server's answer is too large (got ${bytes} bytes)`);
}

/** Undefined where it is no JSON. The error of JSON.parse would quote the text, which may be a Secret. */
function readJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
