import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type tls from 'node:tls';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Served } from '../e2e/process.ts';
import { type ClientPair, makeClientAuthority } from '../support/client-certificates.ts';
import { sample } from './client.ts';
import { record } from './figures.ts';
import { startReplica } from './replica.ts';
import { type Answer, createDialer, headOf, openWire } from './wire.ts';

const NAMES = ['kube-apiserver', 'api.example.org'];
const MODES = ['off', 'optional', 'required'] as const;
type Mode = (typeof MODES)[number];

const EXPECTED = [
  { client: 'no certificate', off: 200, optional: 200, required: 403 },
  { client: 'a good common name', off: 200, optional: 200, required: 200 },
  { client: 'a good DNS name', off: 200, optional: 200, required: 200 },
  { client: 'a wrong name', off: 200, optional: 403, required: 403 },
  { client: 'a wrong authority', off: 200, optional: 403, required: 403 },
  { client: 'an expired certificate', off: 200, optional: 403, required: 403 },
] as const;
type Client = (typeof EXPECTED)[number]['client'];

const GOOD = sample('11-good-shoot.json', '/validate', { allowed: true, patched: false }).body;

let authorities: { readonly ours: string; readonly others: string };
let pairs: Readonly<Record<Client, Partial<ClientPair>>>;
beforeAll(async () => {
  const [ours, others] = [await makeClientAuthority(), await makeClientAuthority('others')];
  authorities = { ours: ours.ca, others: others.ca };
  pairs = {
    'no certificate': {},
    'a good common name': await ours.sign({ subject: 'CN=kube-apiserver' }),
    'a good DNS name': await ours.sign({ subject: 'CN=x', dnsNames: ['y', 'api.example.org'] }),
    'a wrong name': await ours.sign({ subject: 'CN=kube-apiserver2', dnsNames: ['z.api.example.org'] }),
    'a wrong authority': await others.sign({ subject: 'CN=kube-apiserver' }),
    'an expired certificate': await ours.sign({ subject: 'CN=kube-apiserver', days: -1 }),
  };
});

/** The server that asks for certificates, and the file with the authorities of those. */
async function start(mode: Mode): Promise<{ readonly served: Served; readonly file: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'calico-clients-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'clients.crt');
  writeFileSync(file, authorities.ours);
  const names = NAMES.flatMap((name) => ['--client-name', name]);
  const args = mode === 'off' ? [] : ['--client-auth', mode, '--client-ca', file, ...names];
  return { served: await startReplica({ args }), file };
}

async function call(served: Served, client: Client): Promise<Answer | undefined> {
  return ask(await createDialer(served, pairs[client])());
}

async function ask(socket: tls.TLSSocket): Promise<Answer | undefined> {
  const answer = await openWire(socket).ask(headOf(GOOD.length), GOOD);
  socket.destroy();
  return answer;
}

/** Calls with a certificate, and what of that call could be used to be known again. */
async function callForSession(
  served: Served,
  client: Client,
  version: tls.SecureVersion,
): Promise<{ readonly status: number | undefined; readonly session: Buffer | undefined }> {
  const socket = await createDialer(served, { ...pairs[client], minVersion: version, maxVersion: version })();
  let session = socket.getSession();
  socket.on('session', (each) => {
    session = each;
  });
  return { status: (await ask(socket))?.status, session };
}

async function resume(
  served: Served,
  client: Client,
  version: tls.SecureVersion,
  session: Buffer | undefined,
): Promise<{ readonly status: number | undefined; readonly isReused: boolean }> {
  const more = { ...pairs[client], minVersion: version, maxVersion: version };
  const socket = await createDialer(served, more)(session);
  return { isReused: socket.isSessionReused(), status: (await ask(socket))?.status };
}

async function expectHealth(served: Served): Promise<void> {
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    const answer = await fetch(`${served.healthUrl}${path}`);
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    await answer.arrayBuffer();
  }
}

describe('the certificates of clients', () => {
  it('decide who is answered', async () => {
    const seen: Record<string, Partial<Record<Mode, number | undefined>>> = {};
    const resumed: Record<string, unknown> = {};
    for (const mode of MODES) {
      const { served } = await start(mode);
      for (const { client } of EXPECTED) {
        const answer = await call(served, client);
        seen[client] = { ...seen[client], [mode]: answer?.status };
        if (answer?.status === 200) expect(answer.text).toContain('"allowed":true');
        else expect(answer?.text).toMatch(/^\{"error":"(a|the) client certificate (is|has) .*; send one/);
      }
      await expectHealth(served);
      // A client that was accepted once is not accepted for that alone: a session without the certificate is not resumed.
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        const first = await callForSession(served, 'a good common name', version);
        expect(first.status).toBe(200);
        resumed[`${mode} ${version}`] = await resume(served, 'no certificate', version, first.session);
      }
    }
    const cells = EXPECTED.flatMap(({ client, ...statuses }) =>
      MODES.map((mode) => seen[client]?.[mode] === statuses[mode]),
    );
    record({
      number: 11,
      test: 'client-certificates',
      promise:
        'only clients with a certificate that is good, of an authority and a name that are known, are answered',
      load: `client authentication ${MODES.join(', ')}; ${EXPECTED.map(({ client }) => client).join(', ')}; then sessions of a good client without its certificate (TLS 1.2 and 1.3)`,
      measured: `${cells.filter((right) => right).length} of ${cells.length} verdicts right; sessions: ${JSON.stringify(resumed)}`,
      elsewhere: 'cert-manager has the same feature',
    });
    expect(cells).toHaveLength(18);
    expect(seen).toEqual(Object.fromEntries(EXPECTED.map(({ client, ...statuses }) => [client, statuses])));
    expect(resumed).toEqual({
      // Where no certificate is required, a session may be resumed: so the sessions that are offered here could be.
      'off TLSv1.2': { isReused: true, status: 200 },
      'off TLSv1.3': { isReused: true, status: 200 },
      'optional TLSv1.2': { isReused: false, status: 200 },
      'optional TLSv1.3': { isReused: false, status: 200 },
      'required TLSv1.2': { isReused: false, status: 403 },
      'required TLSv1.3': { isReused: false, status: 403 },
    });
  });

  it('are verified by the authorities that are in the file now', async () => {
    const { served, file } = await start('required');
    const statuses = async () => [
      (await call(served, 'a good common name'))?.status,
      (await call(served, 'a wrong authority'))?.status,
    ];
    expect(await statuses()).toEqual([200, 403]);
    const before = await callForSession(served, 'a good common name', 'TLSv1.3');

    writeFileSync(file, 'garbage');
    await vi.waitFor(
      async () => {
        const text = await (await fetch(`${served.healthUrl}/metrics`)).text();
        expect(text).toMatch(/^calico_admission_certificate_faults_total\{part="client-ca"\} 1$/m);
      },
      { timeout: 30_000, interval: 100 },
    );
    expect(await statuses()).toEqual([200, 403]);

    writeFileSync(file, authorities.others);
    await vi.waitFor(async () => expect(await statuses()).toEqual([403, 200]), {
      timeout: 30_000,
      interval: 100,
    });
    const after = await resume(served, 'a good common name', 'TLSv1.3', before.session);
    expect(after).toEqual({ isReused: false, status: 403 });
    await expectHealth(served);
  });
});
