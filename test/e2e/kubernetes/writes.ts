import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAnswer, ClusterClient } from '../cluster/access.ts';
import { azureShoot, shootsPath } from './objects.ts';

/** A steady stream of what people and controllers write. */
export interface Writes {
  /** How many have been answered. */
  count(): number;
  /** What went wrong so far, one text a write. */
  failures(): readonly string[];
  stop(): Promise<void>;
}

const WRITERS = 4;
const PAUSE_MS = 5;

/** Creates, changes and deletes Shoots of Azure, each of which must come back corrected. */
export function startWrites(cluster: ClusterClient, namespace: string): Writes {
  const failures: string[] = [];
  let count = 0;
  let stopped = false;

  async function write(method: string, path: string, body?: object, contentType?: string): Promise<boolean> {
    const request = { ...(body && { body }), ...(contentType !== undefined && { contentType }) };
    const answer = await cluster.api(method, path, request);
    count += 1;
    const fault = faultOf(method, answer);
    if (fault !== undefined) failures.push(`${method} ${path}: ${fault}`);
    return fault === undefined;
  }

  async function run(writer: number): Promise<void> {
    for (let turn = 0; !stopped; turn += 1) {
      await sleep(PAUSE_MS);
      const shoot = azureShoot(namespace, `writer-${writer}-${turn}`);
      const path = `${shootsPath(namespace)}/${shoot.metadata.name}`;
      if (!(await write('POST', shootsPath(namespace), shoot))) continue;
      await write('PATCH', path, { spec: { purpose: 'testing' } }, 'application/merge-patch+json');
      const applied = { ...shoot, spec: { ...shoot.spec, purpose: 'production' } };
      await write('PATCH', `${path}?fieldManager=test&force=true`, applied, 'application/apply-patch+yaml');
      await cluster.api('DELETE', path);
    }
  }

  const running = Promise.all(Array.from({ length: WRITERS }, (_, writer) => run(writer)));
  return {
    count: () => count,
    failures: () => failures,
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

function faultOf(method: string, { status, body }: ApiAnswer): string | undefined {
  if (status >= 300) return `${status} ${body.message}`;
  const backend: unknown = body.spec.networking.providerConfig.backend;
  return backend === 'none' ? undefined : `${method} left backend ${String(backend)}`;
}
