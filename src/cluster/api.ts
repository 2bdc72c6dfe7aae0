import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';

/** What an API server says when it does not do what it was asked. Carries no body: that of a Secret is in none of our logs. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(method: string, path: string, status: number) {
    super(`${method} ${path.split('?', 1)[0]}: HTTP ${status}`);
    this.status = status;
  }
}

/** Somebody else was quicker: what was read is old, and what was to be written must be thought over. */
export function isConflict(error: unknown): boolean {
  // 422: a JSON patch whose `test` did not hold.
  return error instanceof ApiError && (error.status === 409 || error.status === 422);
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** One API server. */
export interface Api {
  /** @returns the JSON of the answer. @throws ApiError, and errors of the connection or the kubeconfig as they are */
  request(request: ApiRequest): Promise<unknown>;
  /** Resolves when the watch at `path` tells of a change, or is over. @throws as request does; 410 for an old version */
  untilChange(path: string, signal: AbortSignal): Promise<void>;
  /** What time the API server's clock shows, in milliseconds since 1970; undefined before its first answer. */
  time(): number | undefined;
  /** The namespace that the kubeconfig or the Pod is in. */
  namespace(): string | undefined;
}

const TIMEOUT_MS = 10_000;
const CONTENT_TYPES = { PATCH: 'application/json-patch+json' } as Readonly<Record<string, string>>;
/** As long as client-go uses a token before it looks whether there is a newer one. */
const CONFIG_MAX_AGE_MS = 60_000;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * An API server by its kubeconfig file, or the one of the cluster that this runs in, or else as kubectl would find it.
 * The file is read again every minute, so that what is renewed in it is used.
 * @throws whatever is wrong with the kubeconfig
 */
export async function connect(options: {
  readonly kubeconfig: string | undefined;
  readonly inCluster: boolean;
}): Promise<Api> {
  const { KubeConfig: Config } = await import('./libraries.ts');
  const load = (): KubeConfig => {
    const config = new Config();
    if (options.kubeconfig !== undefined) loadFile(config, options.kubeconfig);
    else if (options.inCluster) config.loadFromCluster();
    else config.loadFromDefault();
    if (config.getCurrentCluster() === null) throw new Error('the kubeconfig has no current context');
    return config;
  };
  let config = load();
  let loadedAt = performance.now();
  let serverClock: { readonly date: number; readonly at: number } | undefined;

  async function open(request: ApiRequest): Promise<http.IncomingMessage> {
    if (performance.now() - loadedAt > CONFIG_MAX_AGE_MS) {
      config = load();
      loadedAt = performance.now();
    }
    const { method, path, body, signal } = request;
    const url = new URL((config.getCurrentCluster()?.server ?? '').replace(/\/$/, '') + path);
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const type = CONTENT_TYPES[method] ?? 'application/json';
    const settings: https.RequestOptions = {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'calico-admission',
        ...(sent !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(sent) }),
      },
      ...(signal && { signal }),
    };
    await config.applyToHTTPSOptions(settings);
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const outgoing = (url.protocol === 'http:' ? http : https).request(url, settings, resolve);
      outgoing.on('error', reject);
      outgoing.end(sent);
    });
    const date = Date.parse(response.headers.date ?? '');
    if (!Number.isNaN(date)) serverClock = { date, at: performance.now() };
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    response.destroy();
    throw new ApiError(method, path, status);
  }

  return {
    async request(request) {
      const timeout = AbortSignal.timeout(TIMEOUT_MS);
      const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
      const response = await open({ ...request, signal });
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of response) {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES)
          throw new Error(`the API server's answer is too large (got ${bytes} bytes)`);
        chunks.push(chunk);
      }
      return JSON.parse(Buffer.concat(chunks).toString('utf8'));
    },

    async untilChange(path, signal) {
      const response = await open({ method: 'GET', path, signal });
      response.setEncoding('utf8');
      let text = '';
      // Leaving the loop destroys the response. Not readline: it never comes back from an input that was cut.
      for await (const chunk of response) {
        text += chunk;
        const end = text.indexOf('\n');
        if (end === -1) continue;
        const event: { type?: string; object?: { code?: number } } = JSON.parse(text.slice(0, end));
        if (event.type === 'ERROR') throw new ApiError('GET', path, event.object?.code ?? 500);
        return;
      }
    },

    time: () => serverClock && serverClock.date + (performance.now() - serverClock.at),
    namespace: () => config.getContextObject(config.getCurrentContext())?.namespace,
  };
}

/** The client knows the field tokenFile of a user only of the Pod's own token; Gardener's kubeconfigs have it. */
function loadFile(config: KubeConfig, path: string): void {
  config.loadFromFile(path);
  const { users }: { users?: { name: string; user?: { tokenFile?: string } }[] } = parse(
    readFileSync(path, 'utf8'),
  );
  config.users = config.users.map((user) => {
    const tokenFile = users?.find(({ name }) => name === user.name)?.user?.tokenFile;
    return tokenFile === undefined
      ? user
      : { ...user, authProvider: { name: 'tokenFile', config: { tokenFile } } };
  });
}
