import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIFETIMES } from '../../src/tls/lifetimes.ts';
import { createRandom } from '../support/random.ts';
import {
  bundle,
  faultOf,
  MUTATING,
  putSecret,
  type Replica,
  register,
  SECRET,
  SECRETS,
  startApi,
  startReplica,
  stored,
  subjects,
  VALIDATING,
  webhooks,
  wipe,
} from './fleet.ts';

// Long, for a machine that has much else to do; how long things take is for test/reliability.
vi.setConfig({ testTimeout: 90_000 });
const eventually = (assertion: () => void | Promise<void>) =>
  vi.waitFor(assertion, { timeout: 30_000, interval: 40 });

const DAY = 86_400_000;

function expectGood(replicas: readonly Replica[], ca: string, now?: Date): void {
  for (const replica of replicas) expect(faultOf(replica, ca, now)).toBeUndefined();
}

describe('several replicas', () => {
  it('that start at once, with conflicts and faults, end with one authority and one leaf', async () => {
    const api = await startApi();
    register(api);
    // The same faults in each run: 30 % of the writes conflict, 5 % of all calls fail.
    const chance = createRandom(7919);
    api.fault = ({ method }) => {
      if (method !== 'GET' && chance() < 0.3) return 409;
      return chance() < 0.05 ? 500 : undefined;
    };
    const replicas = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((replica) => startReplica(api, { replica })),
    );
    await eventually(() => {
      const bundles = [bundle(api, VALIDATING), bundle(api, MUTATING)];
      expect(subjects(bundles[0] ?? '')).toHaveLength(1);
      expect(bundles[1]).toBe(bundles[0]);
      expectGood(replicas, bundles[0] ?? '');
      expect(new Set(replicas.map(({ source }) => source.served().cert)).size).toBe(1);
      expect(replicas.map(({ source }) => source.problem())).toEqual(Array(5).fill(undefined));
    });
    // None ever served what another one would not have.
    const authorities = replicas.flatMap(({ served }) => served.flatMap(({ ca }) => subjects(ca ?? '')));
    expect(new Set(authorities).size).toBe(1);
    expect(replicas.flatMap(({ changes }) => changes).filter((change) => change === 'found')).toHaveLength(1);
  });

  it('change the authority in three phases, and no caBundle ever fails what is served', async () => {
    const api = await startApi();
    register(api);
    let offset = 0;
    const now = () => new Date(Date.now() + offset);
    api.now = now;
    const replicas = await Promise.all(
      ['a', 'b'].map((replica) => startReplica(api, { replica, now, pollMs: 50 })),
    );
    await eventually(() =>
      expect(replicas.map(({ source }) => source.problem())).toEqual([undefined, undefined]),
    );
    /** As seldom as a replica never looks: a serving certificate is renewed when more than three and a half days are left. */
    const letPass = async (until: number) => {
      while (offset < until) {
        offset += 3 * DAY;
        await eventually(() => {
          for (const { source } of replicas) {
            const left = (source.served().expiry.leaf?.getTime() ?? 0) - now().getTime();
            expect(left).toBeGreaterThan(3.5 * DAY);
          }
        });
      }
    };
    const before = stored(api)['ca.crt'];

    // From here on, at every write: whatever any replica serves must verify with what either configuration holds.
    const failures: (string | undefined)[] = [];
    const bundles: string[] = [];
    api.onWrite = () => {
      for (const list of [VALIDATING, MUTATING]) {
        const ca = bundle(api, list);
        if (!bundles.includes(ca)) bundles.push(ca);
        failures.push(...replicas.map((replica) => faultOf(replica, ca, now())));
      }
    };
    await letPass(64 * DAY);
    await eventually(() => expect(stored(api)['previous-ca.crt']).toBe(before));
    expect(bundles.map((each) => subjects(each).length)).toEqual([1, 2]);
    expectGood(replicas, bundle(api, VALIDATING), now());
    await letPass(80 * DAY);
    await eventually(() => expect(subjects(bundle(api, MUTATING))).toHaveLength(1));
    expect(bundle(api, MUTATING)).not.toBe(before);
    expectGood(replicas, bundle(api, MUTATING), now());
    expect(failures.filter((each) => each !== undefined)).toEqual([]);
    const changes = () => replicas.flatMap((replica) => replica.changes);
    // The watch reports a written object a moment later.
    await eventually(() => {
      for (const once of ['prepare', 'published', 'switch', 'retire']) {
        expect(changes().filter((change) => change === once)).toEqual([once]);
      }
    });
    expect(changes()).not.toContain('found-again');
    expect(changes()).not.toContain('switch-at-once');
  });

  it('agree although their clocks are half an hour apart to either side', async () => {
    const api = await startApi();
    register(api);
    const clock = (minutes: number) => () => new Date(Date.now() + minutes * 60_000);
    const replicas = await Promise.all(
      [-30, 0, 30].map((minutes) => startReplica(api, { replica: `at ${minutes}`, now: clock(minutes) })),
    );
    await eventually(() => {
      expectGood(replicas, bundle(api, VALIDATING));
      expect(new Set(replicas.map(({ source }) => source.served().cert)).size).toBe(1);
    });
    const { 'ca.key': _key, ...withoutKey } = stored(api);
    putSecret(api, withoutKey);
    await eventually(() => expect(stored(api)['previous-ca.crt']).toBe(withoutKey['ca.crt']));
    await eventually(() => expectGood(replicas, bundle(api, MUTATING)));
    for (const minutes of [-29, 30]) expectGood(replicas, bundle(api, MUTATING), clock(minutes)());
    // The watch reports a written object a moment later.
    await eventually(() => {
      const changes = replicas.flatMap((replica) => replica.changes);
      expect(changes.filter((change) => /^(switch|sign|found)/.test(change)).sort()).toEqual([
        'found',
        'switch',
      ]);
    });
  });

  it('are not disturbed by one whose clock is weeks ahead, which changes nothing and logs why', async () => {
    const api = await startApi();
    register(api);
    const good = await startReplica(api);
    await eventually(() => expectGood([good], bundle(api, VALIDATING)));
    const before = [stored(api), bundle(api, VALIDATING)];
    const ahead = (days: number) => () => new Date(Date.now() + days * DAY);
    // It finds the serving certificate expired, and has nothing to serve.
    const warnings: string[] = [];
    const lost = startReplica(api, { now: ahead(40), warnings });
    await eventually(() => expect(warnings.join()).toMatch(/clock here differs .*\(got 576\d\d minutes\)/));
    // One that is behind has a serving certificate that is not valid yet.
    const behind = startReplica(api, { now: ahead(-3), warnings });
    await eventually(() => expect(warnings.join()).toMatch(/\(got -43\d\d minutes\)/));
    expect([stored(api), bundle(api, VALIDATING)]).toEqual(before);
    expect(good.served).toHaveLength(1);
    await expect(Promise.race([lost, behind, Promise.resolve('neither serves')])).resolves.toBe(
      'neither serves',
    );
  });

  it('have a serving certificate that holds as soon as they look, after twenty days asleep, by the same authority', async () => {
    const api = await startApi();
    register(api);
    let offset = 0;
    const now = () => new Date(Date.now() + offset);
    api.now = now;
    const replicas = await Promise.all(['a', 'b'].map((replica) => startReplica(api, { replica, now })));
    await eventually(() => expectGood(replicas, bundle(api, VALIDATING)));
    const authority = bundle(api, VALIDATING);
    offset = 20 * DAY;
    expect(faultOf(replicas[0] as Replica, authority, now())).toMatch(/tls\.crt expired/);
    await eventually(() => expectGood(replicas, authority, now()));
    expect(replicas.flatMap(({ changes }) => changes).filter((change) => change === 'sign')).toHaveLength(1);
    // After a hundred there is no way but a new one.
    offset = 120 * DAY;
    await eventually(() => expectGood(replicas, bundle(api, MUTATING), now()));
    expect(replicas.flatMap(({ changes }) => changes)).toContain('found-again');
    expect(replicas.flatMap(({ warnings }) => warnings).join()).toMatch(
      /new certificate authority \(CA\) without the usual wait/,
    );
  });

  it('do not switch while one configuration does not show the next authority', async () => {
    const api = await startApi();
    register(api);
    const lost = { ...DEFAULT_LIFETIMES, propagation: 100 };
    const replica = await startReplica(api, { lifetimes: lost });
    await eventually(() => expect(replica.source.problem()).toBeUndefined());
    // The mutating one must not be written any more.
    api.fault = ({ method, path }) => (method === 'PATCH' && path.startsWith(MUTATING) ? 403 : undefined);
    const { 'ca.key': _key, ...withoutKey } = stored(api);
    putSecret(api, withoutKey);
    await eventually(() => expect(subjects(bundle(api, VALIDATING))).toHaveLength(2));
    await sleep(600);
    expect(replica.changes).toContain('prepare');
    expect(replica.changes).not.toContain('published');
    expect(replica.changes).not.toContain('switch');
    expectGood([replica], bundle(api, MUTATING));
    api.fault = () => undefined;
    await eventually(() => expect(replica.changes).toContain('switch'));
    expectGood([replica], bundle(api, MUTATING));
  });

  it('continue after any kill with the stored state', async () => {
    const api = await startApi();
    register(api);
    const first = await startReplica(api, { lifetimes: { ...DEFAULT_LIFETIMES, propagation: 600 } });
    await eventually(() => expect(first.source.problem()).toBeUndefined());
    const { 'ca.key': _key, ...withoutKey } = stored(api);
    putSecret(api, withoutKey);
    await eventually(() => expect(stored(api)['next-ca.published-since']).toBeDefined());
    const next = stored(api)['next-ca.crt'];
    first.source.close();
    const second = await startReplica(api, { lifetimes: { ...DEFAULT_LIFETIMES, propagation: 600 } });
    await eventually(() => expect(second.changes).toEqual(['switch']));
    expect(stored(api)['ca.crt']).toBe(next);
    expectGood([second], bundle(api, VALIDATING));
  });
});

describe('changes of the Secret and of caBundles by a user', () => {
  it('a caBundle that is taken away is back at once, and nothing else is touched', async () => {
    const api = await startApi();
    register(api);
    const replicas = [await startReplica(api, { replica: 'a' }), await startReplica(api, { replica: 'b' })];
    await eventually(() => expect(subjects(bundle(api, MUTATING))).toHaveLength(1));
    const before = webhooks(api, MUTATING);
    wipe(api, MUTATING);
    expect(bundle(api, MUTATING)).toBe('');
    await eventually(() => expectGood(replicas, bundle(api, MUTATING)));
    const [other, own] = webhooks(api, MUTATING);
    expect(own).toEqual(before[1]);
    // Theirs was taken away as well, and that is none of our business.
    expect(other).toEqual({ name: 'other.example.org', clientConfig: { url: 'https://other.example.org/' } });
    expect(api.get(MUTATING, 'calico-admission')?.metadata['labels']).toEqual({ theirs: 'yes' });
  });

  it('a certificate that a user adds to a caBundle is removed', async () => {
    const api = await startApi();
    register(api);
    await startReplica(api);
    await eventually(() => expect(subjects(bundle(api, VALIDATING))).toHaveLength(1));
    const own = bundle(api, VALIDATING);
    const foreign = await startApi();
    register(foreign);
    await startReplica(foreign);
    const object = api.get(VALIDATING, 'calico-admission');
    const both = Buffer.from(own + (stored(foreign)['ca.crt'] ?? '')).toString('base64');
    const [first, second] = webhooks(api, VALIDATING);
    api.put(VALIDATING, {
      ...(object ?? { metadata: { name: 'calico-admission' } }),
      webhooks: [first, { ...second, clientConfig: { ...second?.clientConfig, caBundle: both } }],
    });
    await eventually(() => expect(bundle(api, VALIDATING)).toBe(own));
  });

  it("those for a cluster's own Calico are kept as well", async () => {
    const api = await startApi();
    register(api);
    const calico = (caBundle?: string) =>
      api.put(VALIDATING, {
        metadata: { name: 'calico-admission-calico' },
        webhooks: [
          {
            name: 'validate.calico-admission.calico.gardener.cloud',
            clientConfig: { url: 'https://x/validate', ...(caBundle !== undefined && { caBundle }) },
          },
        ],
      });
    const kept = () => webhooks(api, VALIDATING, 'calico-admission-calico')[0]?.clientConfig.caBundle;
    calico();
    const own = () => webhooks(api, VALIDATING)[1]?.clientConfig.caBundle;
    await startReplica(api);
    await eventually(() => {
      expect(subjects(bundle(api, VALIDATING))).toHaveLength(1);
      expect(kept()).toBe(own());
    });
    calico('T1RIRVI=');
    await eventually(() => expect(kept()).toBe(own()));
  });

  it('waits for configurations that come later, and answers meanwhile', async () => {
    const api = await startApi();
    const replica = await startReplica(api);
    await eventually(() => expect(replica.source.problem()).toBeUndefined());
    register(api);
    await eventually(() => {
      expectGood([replica], bundle(api, VALIDATING));
      expectGood([replica], bundle(api, MUTATING));
    });
    expect(replica.faults).toEqual([]);
  });

  it.each([
    ['deleted', (api: Awaited<ReturnType<typeof startApi>>) => api.delete(SECRETS, SECRET)],
    ['emptied', (api: Awaited<ReturnType<typeof startApi>>) => putSecret(api, {})],
    [
      'overwritten with garbage',
      (api: Awaited<ReturnType<typeof startApi>>) =>
        putSecret(api, { 'tls.crt': 'x', 'ca.crt': 'y', mine: 'z' }),
    ],
  ])('a Secret that is %s comes back as it was, from the memory of any replica', async (_name, harm) => {
    const api = await startApi();
    register(api);
    const replicas = await Promise.all(['a', 'b', 'c'].map((replica) => startReplica(api, { replica })));
    await eventually(() => expectGood(replicas, bundle(api, VALIDATING)));
    const before = stored(api);
    const bundles = bundle(api, VALIDATING);
    harm(api);
    await eventually(() => expect(stored(api)).toMatchObject(before));
    expect(bundle(api, VALIDATING)).toBe(bundles);
    for (const { served } of replicas) expect(served).toHaveLength(1);
    if (_name.startsWith('over')) expect(stored(api)['mine']).toBe('z');
  });

  it('a serving certificate that lacks a name is replaced before anybody is sent to it', async () => {
    const api = await startApi();
    register(api);
    const first = await startReplica(api, { sans: ['other.example.org'] });
    await eventually(() => expect(first.source.problem()).toBeUndefined());
    first.source.close();
    api.fault = ({ method, path }) => (method === 'PUT' && path.startsWith(SECRETS) ? 500 : undefined);
    const second = await startReplica(api);
    await eventually(() => expect(second.faults).toContain('secret'));
    expect(second.source.problem()).toMatch(/lacks a name/);
    api.fault = () => undefined;
    await eventually(() => expect(second.source.problem()).toBeUndefined());
    expectGood([second], bundle(api, MUTATING));
  });

  it("cert-manager's Secret is left alone", async () => {
    const api = await startApi();
    api.put(SECRETS, {
      metadata: { name: SECRET, annotations: { 'cert-manager.io/certificate-name': 'x' } },
      data: {},
    });
    await expect(startReplica(api)).rejects.toThrow(/is cert-manager's; mount it/);
    expect(stored(api)).toEqual({});
  });
});

describe('an API server that is not there', () => {
  it('does not stop a replica from serving, and everything is repaired when it is back', async () => {
    const api = await startApi();
    register(api);
    const replicas = [await startReplica(api, { replica: 'a' }), await startReplica(api, { replica: 'b' })];
    await eventually(() => expectGood(replicas, bundle(api, VALIDATING)));
    await api.kill();
    wipe(api, VALIDATING);
    api.delete(SECRETS, SECRET);
    await sleep(300);
    const calls = api.calls.length;
    for (const { source } of replicas) expect(source.served().cert).toBeTruthy();
    await api.start();
    await eventually(() => {
      expectGood(replicas, bundle(api, VALIDATING));
      expect(stored(api)['tls.crt']).toBe(replicas[0]?.source.served().cert);
    });
    expect(api.calls.length).toBeGreaterThan(calls);
    for (const { served } of replicas) expect(served).toHaveLength(1);
  });

  it('has its caBundles repaired as soon as the Secret is, however seldom anybody looks', async () => {
    const api = await startApi();
    register(api);
    const replica = await startReplica(api, { pollMs: 300_000, lifetimes: DEFAULT_LIFETIMES });
    await eventually(() => expectGood([replica], bundle(api, MUTATING)));
    // The keepers look while there is no Secret by which they could go.
    api.fault = ({ method, path }) => (method === 'POST' && path === SECRETS ? 500 : undefined);
    api.delete(SECRETS, SECRET);
    wipe(api, VALIDATING);
    wipe(api, MUTATING);
    await eventually(() => expect(replica.faults).toContain('secret'));
    await sleep(300);
    expect(bundle(api, VALIDATING) + bundle(api, MUTATING)).toBe('');
    api.fault = () => undefined;
    await eventually(() => {
      expectGood([replica], bundle(api, VALIDATING));
      expectGood([replica], bundle(api, MUTATING));
    });
    expect(replica.changes.filter((change) => change === 'restore')).toHaveLength(1);
  });

  it('is not called in a hot loop, whatever it answers', async () => {
    const answers = [
      { code: 410, onlyWatches: true },
      { code: 500, onlyWatches: false },
      { code: 429, onlyWatches: false },
      { code: 403, onlyWatches: false },
    ];
    await Promise.all(
      answers.map(async ({ code, onlyWatches }) => {
        const begun = performance.now();
        const api = await startApi();
        register(api);
        // With the settings of production: one call a second for all three objects together.
        const replica = await startReplica(api, { pollMs: 15_000, lifetimes: DEFAULT_LIFETIMES });
        await eventually(() => expect(subjects(bundle(api, MUTATING))).toHaveLength(1));
        api.fault = ({ watch }) => (watch || !onlyWatches ? code : undefined);
        api.cutWatches();
        const before = api.calls.length;
        await sleep(1_500);
        expect(api.calls.length).toBeGreaterThan(before);
        // Sixty at once, and then one a second: what a start may need, and no more.
        const seconds = (performance.now() - begun) / 1000;
        expect(api.calls.length).toBeLessThanOrEqual(61 + seconds);
        // History that is gone is no fault.
        expect(replica.faults.length > 0).toBe(!onlyWatches);
        // Each part reports the same fault once, not at each try.
        expect(replica.warnings.length).toBeLessThanOrEqual(6);
        api.fault = () => undefined;
        wipe(api, MUTATING);
        await eventually(() => expectGood([replica], bundle(api, MUTATING)));
      }),
    );
  });

  it('gets no requests while all is well, and every change is found at once', async () => {
    const api = await startApi();
    register(api);
    await startReplica(api, { pollMs: 60_000, lifetimes: DEFAULT_LIFETIMES });
    await eventually(() => expect(subjects(bundle(api, MUTATING))).toHaveLength(1));
    // No request is sent while nothing happens, for a good part of the time between two polls.
    await eventually(async () => {
      const before = api.calls.length;
      await sleep(800);
      expect(api.calls.length).toBe(before);
    });
    const start = performance.now();
    wipe(api, MUTATING);
    await eventually(() => expect(subjects(bundle(api, MUTATING))).toHaveLength(1));
    // Long before the next one.
    expect(performance.now() - start).toBeLessThan(30_000);
  });

  it('may hang, forget its history, or cut its watches', async () => {
    const api = await startApi();
    register(api);
    const replica = await startReplica(api);
    await eventually(() => expect(subjects(bundle(api, MUTATING))).toHaveLength(1));
    for (const harm of [
      () => api.cutWatches(),
      () => {
        api.forget();
        api.cutWatches();
      },
      () => {
        let left = 1;
        api.fault = ({ watch }) => (watch && left-- > 0 ? 'hang' : undefined);
        api.cutWatches();
      },
    ]) {
      harm();
      wipe(api, MUTATING);
      await eventually(() => expectGood([replica], bundle(api, MUTATING)));
      api.fault = () => undefined;
    }
  });
});

describe('two clusters', () => {
  it('have the Secret in the one and the configurations in the other', async () => {
    const [runtime, garden] = [await startApi(), await startApi()];
    register(garden);
    const replicas = await Promise.all(
      ['a', 'b'].map((replica) => startReplica(runtime, { replica, target: garden })),
    );
    await eventually(() => expectGood(replicas, bundle(garden, VALIDATING)));
    expect(runtime.calls.some(({ path }) => path.startsWith(VALIDATING))).toBe(false);
    expect(garden.calls.some(({ path }) => path.includes('secrets'))).toBe(false);

    // Without the runtime cluster the newest one is unknown, so nothing is published.
    await runtime.kill();
    wipe(garden, VALIDATING);
    await sleep(500);
    expect(bundle(garden, VALIDATING)).toBe('');
    await runtime.start();
    await eventually(() => expectGood(replicas, bundle(garden, VALIDATING)));
  });

  it('are independent: a start does not wait for the other cluster', async () => {
    const [runtime, garden] = [await startApi(), await startApi()];
    register(garden);
    garden.fault = () => 500;
    const replica = await startReplica(runtime, { target: garden });
    expect(replica.source.served().cert).toContain('BEGIN CERTIFICATE');
    // Readiness waits for it, but not for ever.
    expect(replica.source.problem()).toMatch(/not known yet/);
  });
});
