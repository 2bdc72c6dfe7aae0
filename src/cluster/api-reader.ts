import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';

/** Reads from an API server, whatever the way to prove who one is. */
export interface ApiReader {
  /** The cluster's address, for messages. */
  readonly server: string;
  /** @throws Error when the server cannot be reached, or breaks off */
  get(path: string): Promise<ApiAnswer>;
}

export interface ApiAnswer {
  readonly status: number;
  /** Seconds, where the server asks to wait. */
  readonly retryAfter: number | undefined;
  readonly body: string;
}

/** Longest silence of an API server, in milliseconds; it ends its own requests after a minute. */
const SILENCE_TIMEOUT = 90_000;

/** @throws Error when no cluster is chosen */
export function createApiReader(config: KubeConfig): ApiReader {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('the kubeconfig names no cluster');
  return {
    server,
    get: async (path) => {
      const options: https.RequestOptions = {
        headers: { accept: 'application/json' },
        timeout: SILENCE_TIMEOUT,
      };
      // Each time anew: a token from a plugin may have been renewed since.
      await config.applyToHTTPSOptions(options);
      return request(new URL(server.replace(/\/$/, '') + path), options);
    },
  };
}

function request(url: URL, options: https.RequestOptions): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'http:' ? http.get : https.get;
    const sent = start(url, options, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () => {
        const seconds = Number(reply.headers['retry-after']);
        resolve({
          status: reply.statusCode ?? 0,
          retryAfter: Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
  });
}
