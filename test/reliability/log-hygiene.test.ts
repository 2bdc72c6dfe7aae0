import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isMap } from '../../src/policy/json.ts';
import { MAX_QUOTED } from '../../src/policy/message.ts';
import { serveBuilt } from '../e2e/process.ts';
import { createRandom, pick } from '../support/random.ts';
import { record } from './figures.ts';
import { scaled } from './form.ts';

import { loadSeeds } from './seeds.ts';
import { type Answer, createDialer, headOf, openWire } from './wire.ts';

/** A part of a secret that is so long does not occur by chance in other texts of ours. */
const WORD = 'QzSecret';
/** What ends a line of a log, or makes a terminal show another one. */
const HOSTILE = '\r\n{"level":"info","msg":"forged"}\u001b[2K\u001b[31m\u2028\u202e\u0000\u0085';
/** A control, a format character or a separator, as no log and no answer may hold it. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** What an object is known by stands in the log, to find it again: it is no place for a secret. */
const IDENTITY = /^request\.(uid|namespace|name|operation|(kind|resource)\.(kind|resource))$/;
const OWN_IDENTITY = /\.(metadata\.(name|namespace)|kind)$/;

/** A secret that occurs nowhere else, so long that a rule that quotes it has to cut it. */
function secret(number: number): string {
  return `${WORD}${number}`.padEnd(40, 'x').repeat(5);
}

function isIdentity(path: string): boolean {
  return IDENTITY.test(path) || OWN_IDENTITY.test(path);
}

/** The same with a secret in each string, but those by which it is known, and with hostile text in those. */
function plant(tree: unknown, number: number, withKeys: boolean, path = 'request'): unknown {
  if (typeof tree === 'string') {
    if (path.endsWith('apiVersion') || /\.(type|group|version|operation|kind)$/.test(path)) return tree;
    if (isIdentity(path)) return path === 'request.uid' ? `uid-${number}` : `${tree}${HOSTILE}`;
    return secret(number) + HOSTILE;
  }
  if (Array.isArray(tree))
    return tree.map((each, index) => plant(each, number, withKeys, `${path}.${index}`));
  if (!isMap(tree)) return tree;
  const planted = Object.entries(tree).map(([key, value]) => [
    key,
    plant(value, number, withKeys, `${path}.${key}`),
  ]);
  if (withKeys && path.startsWith('request.object.'))
    planted.push([secret(number), { [secret(number)]: HOSTILE }]);
  return Object.fromEntries(planted);
}

/** Everything else that an AdmissionReview of an attacker may have. */
function extras(number: number): object {
  return {
    uid: `uid-${number}`,
    userInfo: {
      username: secret(number) + HOSTILE,
      uid: secret(number),
      groups: [secret(number), HOSTILE],
      extra: { [secret(number)]: [secret(number)] },
    },
    options: { fieldManager: secret(number), [secret(number)]: HOSTILE },
    requestKind: { group: secret(number), version: secret(number), kind: secret(number) },
    subResource: '',
  };
}

/** The longest part of a secret in a text. */
function longestRun(text: string, number: number): number {
  const whole = secret(number);
  let longest = 0;
  for (let at = text.indexOf(WORD); at >= 0; at = text.indexOf(WORD, at + 1)) {
    let length = 0;
    while (length < whole.length && text[at + length] === whole[length]) length += 1;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** All texts of an answer but its patch, which is the object's own. */
function textsOf(tree: unknown): string[] {
  if (typeof tree === 'string') return [tree];
  if (Array.isArray(tree)) return tree.flatMap(textsOf);
  if (!isMap(tree)) return [];
  return Object.entries(tree).flatMap(([key, value]) => (key === 'patch' ? [] : [key, ...textsOf(value)]));
}

describe('secrets in what is sent', () => {
  it('are not in the log, not in the metrics, and in an answer only as the one value that a rule names', async () => {
    const requests = scaled(1000);
    // No line has more than that.
    const served = await serveBuilt(['--log-level', 'trace']);
    onTestFinished(() => served.cleanUp());
    const random = createRandom(15);
    const seeds = loadSeeds().filter((seed) => 'request' in seed) as { readonly request: object }[];
    const dial = createDialer(served);
    let wire = openWire(await dial());
    const quoted: number[] = [];
    const invisible: string[] = [];
    const statuses = new Map<number, number>();
    let planted = 0;
    const send = async (head: string, body: string, number: number): Promise<Answer> => {
      if (!wire.isOpen()) wire = openWire(await dial());
      const answer = await wire.ask(head, body);
      if (answer === undefined) throw new Error(`closed without an answer: ${head}${body}`);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      planted += body.split(WORD).length + head.split(WORD).length - 2;
      for (const text of textsOf(JSON.parse(answer.text))) {
        const run = longestRun(text, number);
        if (run > 0) quoted.push(run);
        if (INVISIBLE.test(text)) invisible.push(text);
      }
      return answer;
    };
    for (let number = 0; number < requests; number += 1) {
      const { request } = pick(seeds, random);
      const tree = { ...(plant(request, number, random() < 0.5) as object), ...extras(number) };
      const body = JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        request: tree,
      });
      const path = pick(['/validate', '/mutate', `/mutate/${secret(number)}`], random);
      const headers = ['Authorization: Bearer', 'Cookie: session', 'User-Agent:', 'X-Forwarded-For:']
        .map((each) => `${each}${each.endsWith(':') ? ' ' : '='}${secret(number)}\r\n`)
        .join('');
      await send(
        headOf(Buffer.byteLength(body), `${path}?timeout=10s&token=${secret(number)}`, headers),
        body,
        number,
      );
    }
    const reviews = statuses.get(200) ?? 0;
    // And where something is wrong with the request itself.
    const broken = [
      ...['not JSON ', '"', '[', '{"request":', '{"kind":"'].map((text) => `${text}${secret(0)}`),
      JSON.stringify(secret(0)),
      JSON.stringify({ kind: secret(0) }),
      JSON.stringify({ apiVersion: secret(0), kind: 'AdmissionReview' }),
      JSON.stringify({ request: secret(0) }),
      JSON.stringify({ request: { uid: secret(0).repeat(20) } }),
    ];
    for (const body of broken) await send(headOf(body.length), body, 0);
    for (const head of [
      `GET /${secret(0)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `${WORD} /validate HTTP/1.1\r\nHost: x\r\n\r\n`,
      headOf(2).replace('application/json', secret(0)),
      headOf(2, '/validate', `Content-Encoding: ${secret(0)}\r\n`),
      headOf(2, '/validate', `Expect: ${secret(0)}\r\n`),
    ])
      await send(head, '{}', 0);
    wire.socket.destroy();

    // The log is written some time later.
    let lines: string[] = [];
    for (let waited = 0; waited < 50 && lines.length < reviews; waited += 1) {
      await sleep(100);
      lines = served
        .stdout()
        .split('\n')
        .filter((line) => line.includes('"msg":"review"'));
    }
    await sleep(300);
    const log = served.stdout();
    const metrics = await (await fetch(`${served.healthUrl}/metrics`)).text();
    const inLog = log.split(WORD).length - 1;
    const inMetrics = metrics.split(WORD).length - 1;
    const all = log.trimEnd().split('\n');
    const notJson = all.filter((line) => !isJsonMap(line) || INVISIBLE.test(line));
    const longest = Math.max(0, ...quoted);
    record({
      number: 15,
      test: 'log-hygiene',
      promise: `nothing of an object is in the log or the metrics but what it is known by; an answer quotes the one value that a rule names, escaped, at most ${MAX_QUOTED} characters`,
      load: `${planted.toLocaleString('en')} secrets in every text, in keys, users, options, headers and paths of ${requests.toLocaleString('en')} reviews and in ${broken.length + 5} requests that are none; names that end lines and move cursors; log level trace`,
      measured: `${inLog} in the log, ${inMetrics} in the metrics; ${quoted.length} quoted in answers, ${longest} characters of one at most; ${all.length.toLocaleString('en')} lines, ${notJson.length} of them not one JSON`,
      elsewhere: 'Pepr leaks parts of objects into its log at the levels debug and info',
    });
    expect({ inLog, inMetrics }).toEqual({ inLog: 0, inMetrics: 0 });
    expect(notJson).toEqual([]);
    expect(invisible).toEqual([]);
    expect(longest).toBeLessThanOrEqual(MAX_QUOTED);
    expect(lines).toHaveLength(reviews);
    expect(reviews).toBe(requests);
    // There was something to report.
    expect(quoted.length).toBeGreaterThan(requests / 10);
  });
});

function isJsonMap(line: string): boolean {
  try {
    return isMap(JSON.parse(line));
  } catch {
    return false;
  }
}
