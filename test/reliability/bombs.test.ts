import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { AdmissionReview } from '../../src/admission/answer.ts';
import { BODY_LIMIT } from '../../src/server/body.ts';
import type { Served } from '../e2e/process.ts';
import { expectWellFormed, UID } from '../support/review.ts';
import { startLoad } from './client.ts';
import { milliseconds, percentile, record } from './figures.ts';
import { isFull } from './form.ts';
import { describeDelay, watchMachine } from './machine.ts';
import { bundlesOfDirectory, portOf, readMetric, startReplica } from './replica.ts';
import { createDialer, headOf, openWire } from './wire.ts';

const ANSWER_MS = 250;
const HEALTH_MS = 100;
const PROBE_MS = 10;
/** Between two of them. While one is parsed nothing else can be done, so that without a pause it is they who wait. */
const PAUSE_MS = 400;
const MIB = 1024 * 1024;

interface Bomb {
  readonly name: string;
  readonly bytes: () => readonly (string | Buffer)[];
  readonly status: number;
  /** What a review says; of a bad request there is no review. */
  readonly allowed?: boolean;
}

function review(object: string, more = ''): string {
  return `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"${UID}","object":${object}${more}}}`;
}

/** A good Shoot, with this as its providerConfig, and whatever else in its networking and metadata. */
function shoot(providerConfig: string, networking = '', metadata = ''): string {
  return `{"apiVersion":"core.gardener.cloud/v1beta1","kind":"Shoot","metadata":{"name":"foo","namespace":"garden-dev"${metadata}},"spec":{"kubernetes":{"version":"1.34.0"},"provider":{"type":"local","workers":[{"name":"worker","minimum":1,"maximum":2}]},"networking":{"type":"calico","nodes":"10.250.0.0/16","providerConfig":${providerConfig}${networking}}}}`;
}

function configured(config: string): string {
  return review(shoot(config));
}

function post(body: string | Buffer, path?: string, headers?: string): readonly (string | Buffer)[] {
  return [headOf(Buffer.byteLength(body), path, headers), body];
}

function keys(count: number, name: (index: number) => string, value = '1'): string {
  return Array.from({ length: count }, (_, index) => `${JSON.stringify(name(index))}:${value}`).join(',');
}

/** So many bytes of annotations: all that makes real objects large. */
function filled(bytes: number): string {
  const each = 'x'.repeat(64 * 1024);
  return `,"annotations":{${keys(Math.floor(bytes / each.length), (index) => `a${index}`, `"${each}"`)}}`;
}

function chunked(chunks: readonly string[], last = '0\r\n\r\n'): readonly (string | Buffer)[] {
  const head = headOf(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');
  return [
    head,
    Buffer.from(chunks.map((each) => `${each.length.toString(16)}\r\n${each}\r\n`).join('') + last),
  ];
}

const BACKEND = '{"backend":"none","overlay":{"enabled":false}}';
const GOOD = review(shoot(BACKEND));
const DIGITS = '9'.repeat(3_000_000);
const nested = (depth: number, open: string, close: string): string =>
  open.repeat(depth) + close.repeat(depth);

// What is allowed of these is right: nothing that a rule looks at is wrong in it.
const BOMBS: readonly Bomb[] = [
  { name: '10,000 levels', bytes: () => post(configured(nested(10_000, '[', ']'))), status: 400 },
  {
    name: '10,000 levels of maps',
    bytes: () => post(configured(nested(10_000, '{"a":', '}').replace(':}', ':1}'))),
    status: 400,
  },
  { name: '1.5 million levels', bytes: () => post('['.repeat(1_500_000)), status: 400 },
  { name: '1.5 million levels of maps', bytes: () => post('{"a":'.repeat(1_500_000)), status: 400 },
  {
    name: '250 levels, 2,000 times',
    bytes: () =>
      post(
        review(
          shoot(
            BACKEND,
            '',
            `,"x":[${Array(2000)
              .fill(nested(230, '[', ']'))
              .join(',')}]`,
          ),
        ),
      ),
    status: 400,
  },
  {
    name: '200,000 unknown fields',
    bytes: () => post(configured(`{${keys(200_000, (index) => `k${index}`)}}`)),
    status: 400,
  },
  {
    name: '200,000 labels',
    bytes: () =>
      post(review(shoot(BACKEND, '', `,"labels":{${keys(200_000, (index) => `k${index}`, '"v"')}}`))),
    status: 400,
  },
  {
    name: '200,000 keys that are numbers',
    bytes: () => post(configured(`{${keys(200_000, (index) => String(index * 20_011))}}`)),
    status: 400,
  },
  {
    name: '200,000 fields nearly spelt right',
    bytes: () => post(configured(`{${keys(200_000, (index) => `backend${index.toString(36)}`)}}`)),
    status: 400,
  },
  {
    name: '200,000 keys that are the same',
    bytes: () => post(configured(`{${keys(200_000, () => 'backend', '"bird"')}}`)),
    status: 400,
  },
  {
    name: 'keys of 1 MiB that are the same',
    bytes: () => post(configured(`{${keys(6, () => 'k'.repeat(MIB))}}`)),
    status: 400,
  },
  {
    name: '500,000 elements',
    bytes: () => post(review(shoot(BACKEND, `,"ipFamilies":[${Array(500_000).fill('"IPv4"').join(',')}]`))),
    status: 400,
  },
  {
    name: '1,000,000 elements of the wrong type',
    bytes: () => post(review(shoot(BACKEND, `,"ipFamilies":[${Array(1_000_000).fill('0').join(',')}]`))),
    status: 400,
  },
  {
    name: '100,000 workers',
    bytes: () =>
      post(
        review(
          shoot(BACKEND).replace(
            '"workers":[',
            `"workers":[${'{"name":"w","minimum":1,"maximum":2},'.repeat(100_000)}`,
          ),
        ),
      ),
    status: 400,
  },
  {
    name: 'a text of 3 MiB in each field',
    bytes: () => post(configured(`{"backend":"${'b'.repeat(3 * MIB)}","vethMTU":"${'1'.repeat(3 * MIB)}"}`)),
    status: 400,
  },
  {
    name: 'a number of 3 million digits',
    bytes: () => post(configured(`{"vethMTU":${DIGITS}}`)),
    status: 400,
  },
  {
    name: 'a fraction of 3 million digits',
    bytes: () => post(configured(`{"vethMTU":0.${DIGITS}e-3000000}`)),
    status: 400,
  },
  // As much as is read.
  {
    name: '10,000 unknown fields',
    bytes: () => post(configured(`{${keys(10_000, (index) => `k${index}`)}}`)),
    status: 200,
    allowed: false,
  },
  {
    name: '9,000 keys that are numbers',
    bytes: () => post(configured(`{${keys(9000, (index) => String(index * 20_011))}}`)),
    status: 200,
    allowed: false,
  },
  {
    name: '7,000 fields nearly spelt right',
    bytes: () => post(configured(`{${keys(7000, (index) => `backend${index.toString(36)}`)}}`)),
    status: 200,
    allowed: false,
  },
  {
    name: '7,000 keys that are the same',
    bytes: () => post(configured(`{${keys(7000, () => 'backend', '"bird"')}}`)),
    status: 200,
    allowed: false,
  },
  {
    name: 'an old configuration of 100,000 fields',
    bytes: () =>
      post(
        review(
          shoot(BACKEND),
          `,"oldObject":${shoot(`{${keys(100_000, (index) => `k${index}`)}}`)},"operation":"UPDATE"`,
        ),
      ),
    status: 200,
    allowed: true,
  },
  {
    name: '120,000 labels',
    bytes: () =>
      post(review(shoot(BACKEND, '', `,"labels":{${keys(120_000, (index) => `k${index}`, '"v"')}}`))),
    status: 200,
    allowed: true,
  },
  {
    name: '120,000 elements',
    bytes: () => post(review(shoot(BACKEND, `,"ipFamilies":[${Array(120_000).fill('"IPv4"').join(',')}]`))),
    status: 200,
    allowed: false,
  },
  {
    name: '120,000 elements of the wrong type',
    bytes: () => post(review(shoot(BACKEND, `,"ipFamilies":[${Array(120_000).fill('0').join(',')}]`))),
    status: 200,
    allowed: false,
  },
  {
    name: '30,000 workers',
    bytes: () =>
      post(
        review(
          shoot(BACKEND).replace(
            '"workers":[',
            `"workers":[${'{"name":"w","minimum":1,"maximum":2},'.repeat(30_000)}`,
          ),
        ),
      ),
    status: 200,
    allowed: true,
  },
  {
    name: 'a text of 60 KiB in each field',
    bytes: () =>
      post(configured(`{"backend":"${'b'.repeat(60 * 1024)}","vethMTU":"${'1'.repeat(60 * 1024)}"}`)),
    status: 200,
    allowed: false,
  },
  {
    name: 'a quantity of 60,000 digits',
    bytes: () => {
      const digits = DIGITS.slice(0, 60_000);
      return post(
        configured(
          `{"autoScaling":{"mode":"static","resources":{"node":{"cpu":"${digits}","memory":"0.${digits}Mi"}}}}`,
        ),
      );
    },
    status: 200,
    allowed: true,
  },
  {
    name: 'a pattern of 120 KiB',
    bytes: () => post(configured(`{"ipv4":{"autoDetectionMethod":"interface=${'a|'.repeat(60 * 1024)}"}}`)),
    status: 200,
    allowed: true,
  },
  {
    name: 'a range of 120 KiB',
    bytes: () => post(configured(`{"ipam":{"type":"x","cidr":"${'1:'.repeat(60 * 1024)}"}}`)),
    status: 200,
    allowed: false,
  },
  {
    name: 'a number of 3 million digits in a field that is not read',
    bytes: () => post(review(shoot(BACKEND, '', `,"generation":${DIGITS}`))),
    status: 200,
    allowed: true,
  },
  {
    name: 'a quantity of 3 million digits',
    bytes: () =>
      post(
        configured(
          `{"autoScaling":{"mode":"static","resources":{"node":{"cpu":"${DIGITS}","memory":"0.${DIGITS}Mi"}}}}`,
        ),
      ),
    status: 400,
  },
  {
    name: 'an address range of 1 MiB',
    bytes: () => post(review(shoot(BACKEND, `,"pods":"${'1.'.repeat(MIB / 2)}"`))),
    status: 200,
    allowed: false,
  },
  {
    name: 'a pattern that doubles and doubles',
    bytes: () =>
      post(
        configured(
          '{"ipv4":{"autoDetectionMethod":"interface=' +
            '('.repeat(5) +
            'a{1000}' +
            '){1000}'.repeat(5) +
            '"}}',
        ),
      ),
    status: 200,
    allowed: false,
  },
  {
    name: 'a pattern that backtracks',
    bytes: () =>
      post(
        configured(`{"ipv4":{"autoDetectionMethod":"interface=(a+)+$,(a|aa)+$,${'(x*)*'.repeat(2000)}"}}`),
      ),
    status: 200,
  },
  {
    name: 'a pattern of 1 MiB',
    bytes: () => post(configured(`{"ipv4":{"autoDetectionMethod":"interface=${'a|'.repeat(MIB / 2)}"}}`)),
    status: 400,
  },
  {
    name: '3 million escapes',
    bytes: () => post(configured(`{"backend":"${'\\u0041'.repeat(1_300_000)}"}`)),
    status: 400,
  },
  {
    name: '__proto__ everywhere',
    bytes: () =>
      post(
        `{"__proto__":{"request":{}},"request":{"uid":"${UID}","__proto__":{"allowed":true},"object":${shoot('{"__proto__":{"backend":"none"},"constructor":{"prototype":{"x":1}},"toString":1}', ',"__proto__":{"type":"calico"}')}}}`,
      ),
    status: 200,
    allowed: false,
  },
  {
    name: 'NUL, U+2028 and halves of surrogates',
    bytes: () => post(configured(`{"backend":"\\u0000\\u2028\\ud800","\\udc00\\u0000":"\\udfff"}`)),
    status: 200,
    allowed: false,
  },
  {
    name: 'bytes that are no UTF-8',
    bytes: () =>
      post(Buffer.concat([Buffer.from('{"request":{"uid":"'), Buffer.alloc(MIB, 0xff), Buffer.from('"}}')])),
    status: 400,
  },
  { name: '8 MiB of NUL', bytes: () => post(Buffer.alloc(BODY_LIMIT)), status: 400 },
  { name: '8 MiB of blanks', bytes: () => post(Buffer.alloc(BODY_LIMIT, 0x20)), status: 400 },
  { name: 'UTF-16', bytes: () => post(Buffer.from(GOOD, 'utf16le')), status: 400 },
  {
    name: '8 MiB',
    bytes: () => post(Buffer.concat([Buffer.from(GOOD), Buffer.alloc(BODY_LIMIT - GOOD.length, 0x20)])),
    status: 200,
    allowed: true,
  },
  // All of it is sent, as kube-apiserver does before it reads an answer.
  { name: '8 MiB and one byte', bytes: () => post(Buffer.alloc(BODY_LIMIT + 1, 0x20)), status: 413 },
  { name: 'a promise of 8 GiB', bytes: () => [headOf(8 * 1024 * MIB)], status: 413 },
  {
    name: '3 MiB and the old 3 MiB',
    bytes: () =>
      post(
        review(
          shoot(BACKEND, '', filled(3 * MIB)),
          `,"oldObject":${shoot(BACKEND, '', filled(3 * MIB))},"operation":"UPDATE"`,
        ),
      ),
    status: 200,
    allowed: true,
  },
  {
    name: '7 MiB of managedFields',
    bytes: () =>
      post(
        review(
          shoot(
            BACKEND,
            '',
            `,"managedFields":[${'{"manager":"m","fieldsV1":{"f:spec":{"f:networking":{}}}},'.repeat(120_000)}{}]`,
          ),
        ),
      ),
    status: 200,
    allowed: true,
  },
  { name: 'a uid of 1 MiB', bytes: () => post(review('null').replace(UID, 'u'.repeat(MIB))), status: 400 },
  {
    name: 'a gzip bomb',
    bytes: () => post(gzipSync(Buffer.alloc(64 * MIB)), undefined, 'Content-Encoding: gzip\r\n'),
    status: 415,
  },
  { name: 'gzip that is not called so', bytes: () => post(gzipSync(Buffer.alloc(64 * MIB))), status: 400 },
  {
    name: 'chunks without end',
    bytes: () => chunked(Array(129).fill(' '.repeat(64 * 1024)), ''),
    status: 413,
  },
  {
    name: '20,000 chunks of a byte',
    bytes: () => chunked([...GOOD, ...Array(20_000).fill(' ')]),
    status: 200,
    allowed: true,
  },
  { name: 'a chunk of 256 EiB', bytes: () => chunked([], 'FFFFFFFFFFFFFFFFF\r\nx'), status: 400 },
  {
    name: '4,000 headers',
    bytes: () => post(GOOD, undefined, 'X: 1\r\n'.repeat(4000)),
    status: 200,
    allowed: true,
  },
  { name: 'a path of 15 kB', bytes: () => post(GOOD, `/mutate/${'%41'.repeat(5000)}`), status: 200 },
  {
    name: 'a query of 3,000 parameters',
    bytes: () => post(GOOD, `/validate?${'a[b]=c&'.repeat(2000)}`),
    status: 200,
    allowed: true,
  },
  {
    name: 'more than 16 KiB of headers',
    bytes: () => post(GOOD, undefined, `X: ${'1'.repeat(16_384)}\r\n`),
    status: 431,
  },
];

interface Fallen {
  readonly ms: number;
  readonly fault: string | undefined;
}

/** Sent on a connection of its own, since an attacker has many. From its first byte to the last of its answer. */
async function drop(
  dial: ReturnType<typeof createDialer>,
  bomb: Bomb,
  bytes: readonly (string | Buffer)[],
): Promise<Fallen> {
  const socket = await dial();
  const wire = openWire(socket);
  const start = performance.now();
  const answer = await wire.ask(...bytes);
  const ms = performance.now() - start;
  socket.destroy();
  return { ms, fault: faultOf(bomb, answer?.status, answer?.text ?? '') };
}

function faultOf(bomb: Bomb, status: number | undefined, text: string): string | undefined {
  const got = `${bomb.name}: ${status} ${text.slice(0, 300)}`;
  if (status !== bomb.status) return got;
  if (status !== 200) return /^\{"error":"[^\n]{1,300}"\}$/.test(text) ? undefined : got;
  const answer: AdmissionReview = JSON.parse(text);
  try {
    expectWellFormed(answer);
  } catch (error) {
    return `${bomb.name}: ${String(error)}`;
  }
  // An answer is short, whatever the question was.
  if (text.length > 64 * 1024) return `${bomb.name}: an answer of ${text.length} bytes`;
  return bomb.allowed === undefined || answer.response.allowed === bomb.allowed ? undefined : got;
}

/** Asks whether it is well again and again, each time without waiting for the last answer. */
function startProbes(
  url: string,
  ca: string,
): { stop(): Promise<{ readonly times: number[]; readonly failed: number }> } {
  const client = url.startsWith('https:') ? https : http;
  const agent = new client.Agent({ keepAlive: true, ...(client === https && { ca }) });
  const times: number[] = [];
  let failed = 0;
  let open = 0;
  const timer = setInterval(() => {
    const start = performance.now();
    open += 1;
    const settle = (isRight: boolean): void => {
      open -= 1;
      if (isRight) times.push(performance.now() - start);
      else failed += 1;
    };
    const request = client.get(`${url}/healthz`, { agent }, (response) => {
      response.resume().on('end', () => settle(response.statusCode === 200));
    });
    request.on('error', () => settle(false));
  }, PROBE_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      while (open > 0) await sleep(5);
      agent.destroy();
      return { times, failed };
    },
  };
}

async function residentMiB(served: Served): Promise<number> {
  return (await readMetric(served, /^process_resident_memory_bytes /)) / MIB;
}

describe('bodies that are made to hurt', () => {
  it('are answered soon, and no other request waits for it', async () => {
    const rounds = isFull() ? 6 : 1;
    const served = await startReplica({});
    const ca = bundlesOfDirectory(served)['/validate'] ?? '';
    const dial = createDialer(served);
    // Warm, as any server is that has been up for a while.
    for (let each = 0; each < 50; each += 1)
      await drop(dial, { name: 'good', bytes: () => [], status: 200 }, post(GOOD));
    const probes = [served.healthUrl, served.url].map((url) => startProbes(url, ca));
    const perDrop = await watchMachine();
    const overAll = await watchMachine();
    const worst: { name: string; ms: number; isOwn: boolean }[] = [];
    const faults: string[] = [];
    for (const bomb of BOMBS) {
      const bytes = bomb.bytes().map((each) => Buffer.from(each));
      let ms = 0;
      let isOwn = false;
      for (let round = 0; round < rounds; round += 1) {
        await sleep(PAUSE_MS);
        await perDrop.read();
        const fallen = await drop(dial, bomb, bytes);
        ms = Math.max(ms, fallen.ms);
        // What an idle process waits for as well is none of ours.
        isOwn ||= fallen.ms > ANSWER_MS + (await perDrop.read()).max;
        if (fallen.fault !== undefined && !faults.includes(fallen.fault)) faults.push(fallen.fault);
      }
      worst.push({ name: bomb.name, ms, isOwn });
    }
    const machine = await overAll.read();
    const [onHealthPort, onWebhookPort] = await Promise.all(probes.map((each) => each.stop()));
    const internal = await readMetric(served, /^calico_admission_faults_total\{/);
    const memory = await residentMiB(served);
    const after = await startLoad({
      port: portOf(served.url),
      bundles: bundlesOfDirectory(served),
      clients: 1,
      rate: 100,
      requests: 100,
    }).result;

    worst.sort((a, b) => b.ms - a.ms);
    const health = [onHealthPort, onWebhookPort].map((each) => each?.times ?? []);
    const unwell = (onHealthPort?.failed ?? 0) + (onWebhookPort?.failed ?? 0);
    const p99 = health.map((times) => percentile(times, 0.99));
    record({
      number: 5,
      test: 'bombs',
      promise: `whatever a body holds is answered within ${ANSWER_MS} ms, health within ${HEALTH_MS} ms meanwhile (p99); an update of 3 MiB with an old object of 3 MiB is accepted`,
      load: `${BOMBS.length} bodies, ${rounds} times each, with a pause of ${PAUSE_MS / 1000} s: 10,000 and 1.5 million levels, 200,000 keys, numbers of 3 million digits, 8 MiB and more, bombs of gzip, chunks without end, and the like`,
      measured: `${faults.length} wrong answers; the slowest: ${worst
        .slice(0, 5)
        .map(({ name, ms }) => `${name} ${milliseconds(ms)}`)
        .join(
          ', ',
        )}; 3 MiB and 3 MiB: ${milliseconds(worst.find(({ name }) => name.startsWith('3 MiB'))?.ms ?? 0)}; health p99 ${milliseconds(p99[0] ?? 0)} on the health port, ${milliseconds(p99[1] ?? 0)} on the webhook port, ${unwell} of ${(health[0]?.length ?? 0) + (health[1]?.length ?? 0)} probes failed; ${Math.round(memory)} MiB resident after; ${describeDelay(machine)}`,
      elsewhere: 'Pepr refuses bodies of more than 2 MB, pod-security-admission of more than 3 MiB',
    });
    expect(faults).toEqual([]);
    expect({ internal, unwell }).toEqual({ internal: 0, unwell: 0 });
    expect(after.errors).toEqual({});
    if (isFull()) {
      expect(worst.filter(({ isOwn }) => isOwn)).toEqual([]);
      expect(p99.filter((ms) => ms > HEALTH_MS + machine.p99)).toEqual([]);
    }
  });

  it('take no more memory in chunks of a byte than in one piece', async () => {
    const served = await startReplica({});
    const bytes = chunked([...GOOD, ...Array(400_000).fill(' ')]);
    const before = await residentMiB(served);
    await drop(
      createDialer(served),
      { name: '400,000 chunks of a byte', bytes: () => bytes, status: 200 },
      bytes,
    );
    const after = await residentMiB(served);
    process.stdout.write(`400,000 chunks of a byte: ${Math.round(after - before)} MiB more\n`);
    expect(after - before).toBeLessThan(64);
  });
});
