import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';

// A language server as editors run it: over stdio, with messages of JSON-RPC.

export interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface ProtocolClient {
  readonly process: ChildProcessWithoutNullStreams;
  /** What the server answers. */
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): void;
  /** Whatever is in it. */
  sendRaw(bytes: string | Buffer): void;
  /** Shuts the server down, and gives its exit code. */
  close(): Promise<number | null>;
}

export interface ClientOptions {
  /** What the server sends without a request. */
  onNotification(method: string, params: unknown): void;
  /** What the editor answers to a request of the server. */
  answer(method: string, params: unknown): unknown;
}

interface Answered {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export function startClient(
  command: readonly [string, ...string[]],
  { onNotification, answer }: ClientOptions,
): ProtocolClient {
  const [program, ...args] = command;
  const child = spawn(program, args);
  child.stderr.pipe(process.stderr);
  const waiting = new Map<number, Answered>();
  let requests = 0;

  const sendRaw = (bytes: string | Buffer): void => {
    child.stdin.write(bytes);
  };
  const send = (message: Message): void => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    sendRaw(`Content-Length: ${body.length}\r\n\r\n`);
    sendRaw(body);
  };
  const request = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      requests += 1;
      waiting.set(requests, { resolve, reject });
      send({ id: requests, method, params });
    });
  const take = ({ id, method, params, result, error }: Message): void => {
    if (method !== undefined) {
      if (id === undefined) onNotification(method, params);
      else send({ id, result: answer(method, params) ?? null });
      return;
    }
    const answered = waiting.get(id ?? -1);
    waiting.delete(id ?? -1);
    if (error === undefined) answered?.resolve(result);
    else answered?.reject(new Error(error.message));
  };
  child.stdout.on('data', readMessages(take));
  const ended = once(child, 'exit');
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the language server ended (${code})`));
  });
  return {
    process: child,
    request,
    notify: (method, params) => send({ method, params }),
    sendRaw,
    close: async () => {
      await request('shutdown', null);
      send({ method: 'exit' });
      const [code] = await ended;
      return code;
    },
  };
}

/** @returns takes the bytes as they come */
function readMessages(take: (message: Message) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      const length = /Content-Length: (\d+)/i.exec(rest.toString('latin1', 0, Math.max(end, 0)))?.[1];
      if (length === undefined || rest.length < end + 4 + Number(length)) return;
      const body = rest.subarray(end + 4, end + 4 + Number(length));
      rest = rest.subarray(end + 4 + Number(length));
      take(JSON.parse(body.toString()));
    }
  };
}
