import { writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { applyPatch, type Operation } from 'rfc6902';

/** A stored object. The server sets `metadata.resourceVersion` and `uid`. */
export interface StoredObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    resourceVersion?: string;
    uid?: string;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly watch: boolean;
  readonly status: number;
  /** Monotonic milliseconds. */
  readonly at: number;
}

interface Watcher {
  readonly list: string;
  readonly name: string | undefined;
  readonly response: http.ServerResponse;
}

interface Change {
  readonly list: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: StoredObject;
  readonly version: number;
}

/** What to do instead of answering a request: a status, or `hang` for no answer. */
export type Fault = (request: {
  readonly method: string;
  readonly path: string;
  readonly watch: boolean;
}) => number | 'hang' | undefined;

/**
 * The part of kube-apiserver that a client of single objects needs, on a real socket: lists with a field selector,
 * watches from a resource version, create, replace, JSON patch and delete with optimistic concurrency. A test can
 * make it fail, end its watches, forget its history (410), and be killed and started again with its objects.
 */
export class FakeApi {
  readonly calls: Call[] = [];
  fault: Fault = () => undefined;
  /** Its clock, which is in every answer. */
  now: () => Date = () => new Date();
  /** Called for every write before its answer is sent. */
  onWrite: (object: StoredObject) => void = () => {};
  private readonly objects = new Map<string, StoredObject>();
  private history: Change[] = [];
  private version = 100;
  private forgotten = 0;
  private readonly watchers = new Set<Watcher>();
  private readonly sockets = new Set<Socket>();
  private server: http.Server | undefined;
  private port = 0;

  async start(): Promise<void> {
    const server = http.createServer((request, response) => this.receive(request, response));
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** At once, with all connections, as with SIGKILL. The stored objects stay. */
  async kill(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    this.watchers.clear();
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  cutWatches(): void {
    for (const { response } of this.watchers) response.socket?.destroy();
    this.watchers.clear();
  }

  /** As after a compaction: every watch from an earlier version gets 410 Gone. */
  forget(): void {
    this.history = [];
    this.forgotten = this.version;
  }

  get(list: string, name: string): StoredObject | undefined {
    const object = this.objects.get(`${list}/${name}`);
    return object && structuredClone(object);
  }

  /** Writes an object as another client. */
  put(list: string, object: StoredObject): StoredObject {
    const key = `${list}/${object.metadata.name}`;
    return this.store(list, this.objects.has(key) ? 'MODIFIED' : 'ADDED', object);
  }

  delete(list: string, name: string): void {
    const object = this.objects.get(`${list}/${name}`);
    if (object === undefined) return;
    this.objects.delete(`${list}/${name}`);
    this.version += 1;
    this.notify({ list, type: 'DELETED', object, version: this.version });
  }

  /** A kubeconfig for this server. */
  writeKubeconfig(file: string, namespace = 'calico-admission'): string {
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'fake',
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake', namespace } }],
      clusters: [
        {
          name: 'fake',
          cluster: { server: `http://127.0.0.1:${this.port}`, 'insecure-skip-tls-verify': true },
        },
      ],
      users: [{ name: 'fake', user: { token: 'fake' } }],
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  private receive(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://fake');
    const method = request.method ?? 'GET';
    response.setHeader('date', this.now().toUTCString());
    const watch = url.searchParams.get('watch') === 'true';
    const answer = (status: number, body: unknown): void => {
      this.calls.push({ method, path: url.pathname, watch, status, at: performance.now() });
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const fault = this.fault({ method, path: url.pathname, watch });
      if (fault === 'hang') {
        this.calls.push({ method, path: url.pathname, watch, status: 0, at: performance.now() });
        return;
      }
      if (fault !== undefined) return answer(fault, status(fault));
      if (request.headers.authorization !== 'Bearer fake') return answer(401, status(401));
      if (watch) {
        this.calls.push({ method, path: url.pathname, watch, status: 200, at: performance.now() });
        return this.watch(url, response);
      }
      const text = Buffer.concat(chunks).toString('utf8');
      const [code, body] = this.serve(method, url, text === '' ? undefined : JSON.parse(text));
      answer(code, body);
    });
  }

  private serve(method: string, url: URL, body: unknown): [number, unknown] {
    const { pathname } = url;
    if (method === 'GET') {
      const single = this.objects.get(pathname);
      if (single !== undefined) return [200, single];
      const name = selectedName(url);
      const items = [...this.objects]
        .filter(([key, { metadata }]) => key === `${pathname}/${metadata.name}`)
        .map(([, object]) => object)
        .filter(({ metadata }) => name === undefined || metadata.name === name);
      return [200, { kind: 'List', metadata: { resourceVersion: String(this.version) }, items }];
    }
    if (method === 'POST') {
      const object = body as StoredObject;
      if (this.objects.has(`${pathname}/${object.metadata.name}`)) return [409, status(409)];
      return [201, this.store(pathname, 'ADDED', object)];
    }
    const list = pathname.slice(0, pathname.lastIndexOf('/'));
    const before = this.objects.get(pathname);
    if (before === undefined) return [404, status(404)];
    if (method === 'PUT') {
      const object = body as StoredObject;
      const version = object.metadata.resourceVersion;
      if (version !== undefined && version !== before.metadata.resourceVersion) return [409, status(409)];
      return [200, this.store(list, 'MODIFIED', object)];
    }
    if (method === 'DELETE') {
      const { preconditions = {} } = (body ?? {}) as { preconditions?: Record<string, unknown> };
      const isOther = Object.entries(preconditions).some(([key, value]) => before.metadata[key] !== value);
      if (isOther) return [409, status(409)];
      this.delete(list, before.metadata.name);
      return [200, status(200)];
    }
    const after = structuredClone(before);
    const problems = applyPatch(after, body as Operation[]).filter((each) => each !== null);
    // kube-apiserver answers 422 Invalid where a `test` operation fails.
    if (problems.length > 0) return [422, status(422)];
    return [200, this.store(list, 'MODIFIED', after)];
  }

  private store(list: string, type: Change['type'], object: StoredObject): StoredObject {
    const key = `${list}/${object.metadata.name}`;
    const before = this.objects.get(key);
    const { resourceVersion: _old, ...metadata } = object.metadata;
    // A write that changes nothing makes no new version.
    if (before && same(before, object)) return before;
    this.version += 1;
    const stored: StoredObject = {
      ...structuredClone(object),
      metadata: { uid: key, ...metadata, resourceVersion: String(this.version) },
    };
    this.objects.set(key, stored);
    this.onWrite(stored);
    this.notify({ list, type, object: stored, version: this.version });
    return stored;
  }

  private notify(change: Change): void {
    this.history.push(change);
    for (const watcher of this.watchers) send(watcher, change);
  }

  private watch(url: URL, response: http.ServerResponse): void {
    const from = Number(url.searchParams.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (from < this.forgotten) {
      response.end(`${JSON.stringify({ type: 'ERROR', object: status(410) })}\n`);
      return;
    }
    const watcher = { list: url.pathname, name: selectedName(url), response };
    for (const change of this.history.filter(({ version }) => version > from)) send(watcher, change);
    this.watchers.add(watcher);
    const seconds = Number(url.searchParams.get('timeoutSeconds') ?? 300);
    const timer = setTimeout(() => response.end(), seconds * 1000).unref();
    response.on('close', () => {
      clearTimeout(timer);
      this.watchers.delete(watcher);
    });
  }
}

function selectedName(url: URL): string | undefined {
  return /^metadata\.name=(.+)$/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
}

function send({ list, name, response }: Watcher, change: Change): void {
  if (change.list !== list || (name !== undefined && change.object.metadata.name !== name)) return;
  response.write(`${JSON.stringify({ type: change.type, object: change.object })}\n`);
}

function status(code: number) {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code };
}

function same(a: StoredObject, b: StoredObject): boolean {
  const strip = ({
    metadata: { resourceVersion: _version, uid: _uid, ...metadata },
    ...rest
  }: StoredObject) => JSON.stringify({ ...rest, metadata });
  return strip(a) === strip(b);
}
