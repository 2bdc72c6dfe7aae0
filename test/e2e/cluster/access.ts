import { readFileSync } from 'node:fs';
import https from 'node:https';
import { type Finished, type RunOptions, run } from '../process.ts';

/** Everything that it takes to talk to a running cluster; plain data, so that it can be handed to test processes. */
export interface ClusterAccess {
  /** Of this cluster alone, gone when it stops. */
  readonly directory: string;
  readonly url: string;
  /** Administrator (system:masters), by token. */
  readonly kubeconfig: string;
  readonly caFile: string;
  readonly token: string;
  /** JSON lines, level Metadata, stage ResponseComplete; written before the response goes out. */
  readonly auditLog: string;
  /** For another API server's objects, which keep out of each other's way by a prefix. */
  readonly etcdUrl: string;
  readonly kubectlPath: string;
  /** An address of this machine that an EndpointSlice may hold, which must not be loopback; undefined offline. */
  readonly address?: string;
}

export interface ApiAnswer {
  readonly status: number;
  // What an API server answers is for the test to say.
  // biome-ignore lint/suspicious/noExplicitAny: a test reads it field by field, and fails where one is missing
  readonly body: any;
  /** Texts of the Warning headers. */
  readonly warnings: readonly string[];
}

export interface ApiRequest {
  readonly body?: object | string;
  /** `application/json` by default. */
  readonly contentType?: string;
}

export interface ClusterClient extends ClusterAccess {
  kubectl(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Standard output of a kubectl that must succeed. */
  kubectlOk(args: readonly string[], options?: RunOptions): Promise<string>;
  /** One request to the API server by the shortest way, for many at once; any status is an answer. */
  api(method: string, path: string, request?: ApiRequest): Promise<ApiAnswer>;
  audit(): AuditEvent[];
}

export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent: string;
  readonly objectRef?: { readonly resource: string; readonly namespace?: string; readonly name?: string };
  readonly responseStatus?: { readonly code: number };
  readonly annotations?: Readonly<Record<string, string>>;
}

export function openCluster(access: ClusterAccess): ClusterClient {
  // HOME: kubectl keeps what it has discovered there, and must not find what another cluster had.
  const env = { KUBECONFIG: access.kubeconfig, HOME: access.directory };
  const kubectl: ClusterClient['kubectl'] = (args, options = {}) =>
    run(access.kubectlPath, args, { ...options, env: { ...env, ...options.env } });
  const agent = new https.Agent({ ca: readFileSync(access.caFile), keepAlive: true });
  return {
    ...access,
    kubectl,
    async kubectlOk(args, options) {
      const { code, stdout, stderr } = await kubectl(args, options);
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr || stdout}`);
      return stdout;
    },
    api: (method, path, request) => ask(access, agent, method, path, request),
    audit: () =>
      readFileSync(access.auditLog, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line): AuditEvent => JSON.parse(line)),
  };
}

function ask(
  access: ClusterAccess,
  agent: https.Agent,
  method: string,
  path: string,
  { body, contentType = 'application/json' }: ApiRequest = {},
): Promise<ApiAnswer> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${access.token}`,
    accept: 'application/json',
    ...(text !== undefined && { 'content-type': contentType }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = https.request(`${access.url}${path}`, { agent, method, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const answer = Buffer.concat(chunks).toString('utf8');
        const json = incoming.headers['content-type']?.startsWith('application/json') === true;
        resolve({
          status: incoming.statusCode ?? 0,
          body: json ? JSON.parse(answer) : answer,
          warnings: warningTexts(incoming.rawHeaders),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

/** `299 - "text"`, where quotes and backslashes are escaped; one a header, or several after commas. */
function warningTexts(rawHeaders: readonly string[]): string[] {
  const values = rawHeaders.filter((_value, index) => rawHeaders[index - 1]?.toLowerCase() === 'warning');
  return values.flatMap((value) =>
    [...value.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map((match) =>
      (match[1] ?? '').replace(/\\(.)/g, '$1'),
    ),
  );
}
