import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startReaper } from '../e2e/cluster/reaper.ts';
import { ROOT } from '../e2e/process.ts';
import { run } from '../manifests/command.ts';
import { CACHE, makeOnce } from '../support/cache.ts';

/** By which kube-apiserver calls the Service of the manifests. */
export const SERVER_NAME = 'calico-admission-webhook.calico-admission.svc';

/** The uid that the client puts a new one in place of. */
const TEMPLATE_UID = '00000000-0000-0000-0000-000000000000';

export interface ReviewTemplate {
  readonly path: string;
  readonly body: string;
  /** What must be answered. */
  readonly allowed: boolean;
  readonly patched: boolean;
  /** How often in relation to the others. */
  readonly weight: number;
}

/** By path, PEM. */
export type Bundles = Readonly<Record<string, string>>;

interface Common {
  readonly port: number;
  readonly bundles: Bundles;
  /** How many API servers there are: each has a pool of connections of its own. */
  readonly clients: number;
  /** Until it is stopped, if not given; of each client, if there is a gap. */
  readonly requests?: number;
  /** 10, as kube-apiserver's default is, if not given. */
  readonly timeoutSeconds?: number;
  readonly reviews?: readonly ReviewTemplate[];
  readonly noRetries?: boolean;
}

/** Requests a second, whatever the answers; or one connection a client, and seconds between its requests. */
export type Order = Common &
  (
    | {
        readonly rate: number;
        readonly maxInFlight?: number;
        readonly maxConnections?: number;
        readonly freshPart?: number;
      }
    | { readonly gap: readonly [number, number] }
  );

export interface Result {
  readonly requests: number;
  readonly failed: number;
  /** Answered with Retry-After, and there was no retry left. */
  readonly refused: number;
  readonly retries: number;
  readonly errors: Readonly<Record<string, number>>;
  /** `at`: milliseconds since 1970 at which the request began; at most 2,000 of them. */
  readonly failures: readonly { readonly at: number; readonly ms: number; readonly error: string }[];
  /** Handshakes, each of them verified, and how many different certificates and authorities they showed. */
  readonly connections: number;
  readonly leaves: number;
  readonly authorities: number;
  readonly seconds: number;
  /** Milliseconds of the answered ones, from when they were due. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Milliseconds of all others. */
  readonly maxOther: number;
  readonly lastUnanswered: number;
}

export interface Load {
  readonly child: ChildProcess;
  setBundles(bundles: Bundles): void;
  /** Lets what is under way end. */
  stop(): Promise<Result>;
  /** Resolves when all requests have been answered, or it was stopped. */
  readonly result: Promise<Result>;
}

/** The client, built with Go once for each text of its source. */
export function buildClient(): string {
  const sources = join(ROOT, 'test/reliability/client');
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'main.go']) hash.update(readFileSync(join(sources, file)));
  const home = join(CACHE, 'assets', `reliability-client-${hash.digest('hex').slice(0, 12)}`);
  makeOnce(home, (making) => {
    const args = ['build', '-buildvcs=false', '-trimpath', '-o', join(making, 'client'), '.'];
    run('go', args, { cwd: sources, env: { GOWORK: 'off', GOFLAGS: '-mod=readonly' } });
  });
  return join(home, 'client');
}

/** Starts calling as kube-apiserver does, see client/main.go. */
export function startLoad({ port, timeoutSeconds = 10, ...order }: Order): Load {
  const child = spawn(buildClient(), [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const reaper = startReaper();
  reaper.watch(child);
  const send = (line: object): void => {
    if (child.stdin.writable) child.stdin.write(`${JSON.stringify(line)}\n`);
  };
  child.stdin.on('error', () => {});
  const result = new Promise<Result>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      void reaper.reap();
      if (code === 0) resolve(JSON.parse(text));
      else reject(new Error(`the client ended with ${code}`));
    });
  });
  send({
    address: `127.0.0.1:${port}`,
    serverName: SERVER_NAME,
    timeoutSeconds,
    reviews: usualReviews(),
    ...order,
  });
  return {
    child,
    setBundles: (bundles) => send({ bundles }),
    stop: () => {
      send({ stop: true });
      return result;
    },
    result,
  };
}

/** A review of test/samples as a template. */
export function sample(
  file: string,
  path: string,
  expected: Pick<ReviewTemplate, 'allowed' | 'patched'>,
  weight = 1,
): ReviewTemplate {
  const review = JSON.parse(readFileSync(join(ROOT, 'test/samples', file), 'utf8'));
  review.request.uid = TEMPLATE_UID;
  return { path, body: JSON.stringify(review), weight, ...expected };
}

/** What a landscape sends: mostly good Shoots, to both webhooks; one in seven is denied. */
export function usualReviews(): ReviewTemplate[] {
  return [
    sample('11-good-shoot.json', '/validate', { allowed: true, patched: false }, 3),
    sample('12-azure-bird.json', '/mutate', { allowed: true, patched: true }, 2),
    sample('01-kube-proxy-off.json', '/validate', { allowed: false, patched: false }, 1),
    sample('14-misspelt.json', '/validate', { allowed: false, patched: false }, 1),
  ];
}
