// Made-up numbers for the picture of the dashboard: six hours of a landscape with two replicas, in which a user
// tries the scaling mode vpa without VPA around nine o'clock, and a wrong caBundle is corrected within minutes. The panels agree
// with each other: what one counts a minute, another has a second or a day.

/** One line of a panel: the labels that its legend names, and its value at each hour of the day. */
export interface SampleSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly at: (hour: number) => number;
}

/** By the panel's title, then by refId. No series at all is a panel that shows "No data". */
export type Samples = Readonly<Record<string, Readonly<Record<string, readonly SampleSeries[]>>>>;

export const FROM_HOUR = 6;
export const TO_HOUR = 12;

/** The same noise at every run, from -1 to 1: a hash of where it is asked for. */
function noise(name: string, hour: number): number {
  let hash = 2166136261;
  for (const character of `${name}@${hour.toFixed(3)}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 31 - 1;
}

/** Around a level, with so much noise, and a hump of a height and width (hours) at an hour. */
function around(
  name: string,
  level: number,
  spread: number,
  ...humps: readonly (readonly [height: number, at: number, width: number])[]
): (hour: number) => number {
  return (hour) => {
    const bumps = humps.reduce(
      (sum, [height, at, width]) => sum + height * Math.exp(-(((hour - at) / width) ** 2)),
      0,
    );
    return Math.max(0, level + bumps + (spread + bumps * 0.08) * noise(name, hour));
  };
}

const steady =
  (level: number, perHour = 0) =>
  (hour: number): number =>
    level + perHour * (hour - FROM_HOUR);

const POD_A = 'calico-admission-5f6c7d8b9-4xk2p';
const POD_B = 'calico-admission-5f6c7d8b9-q7zlm';
const VALIDATE = 'validate.calico-admission.gardener.cloud';
const MUTATE = 'mutate.calico-admission.gardener.cloud';

export const SAMPLES: Samples = {
  Reviews: { A: [{ labels: {}, at: steady(4.6) }] },
  'Denied, 24 h': { A: [{ labels: {}, at: steady(368) }] },
  p99: { A: [{ labels: {}, at: steady(0.0019) }] },
  'Replicas seen': { A: [{ labels: {}, at: steady(2) }] },
  'Certificate ends in': { A: [{ labels: {}, at: steady(10.6) }] },
  'Internal faults, 24 h': { A: [{ labels: {}, at: steady(0) }] },
  'Reviews by verdict': {
    A: [
      { labels: { verdict: 'allowed' }, at: around('allowed', 4.3, 0.45, [2.1, 8, 0.3], [1.4, 11, 0.25]) },
      { labels: { verdict: 'patched' }, at: around('patched', 0.2, 0.04, [0.27, 8, 0.3], [0.03, 11, 0.2]) },
      { labels: { verdict: 'denied' }, at: around('denied', 0.002, 0.002, [0.17, 9.2, 0.18]) },
    ],
  },
  'Latency by path': {
    A: [
      { labels: { path: '/validate' }, at: around('v99', 0.0019, 0.0002, [0.0011, 8, 0.3]) },
      { labels: { path: '/mutate' }, at: around('m99', 0.0012, 0.0001, [0.0006, 8, 0.3]) },
    ],
    B: [
      { labels: { path: '/validate' }, at: around('v50', 0.00042, 0.00003) },
      { labels: { path: '/mutate' }, at: around('m50', 0.0003, 0.00002) },
    ],
  },
  'Findings by rule and action': {
    A: [
      {
        labels: { action: 'deny', rule: 'shoot/vpa-mode-needs-vpa' },
        at: around('vpa', 0.02, 0.02, [9, 9.2, 0.18]),
      },
      {
        labels: { action: 'deny', rule: 'shoot/unknown-field' },
        at: around('field', 0.1, 0.1, [1.2, 9.2, 0.2]),
      },
      { labels: { action: 'warn', rule: 'shoot/setting-without-effect' }, at: around('effect', 2.1, 0.6) },
      { labels: { action: 'warn', rule: 'shoot/deprecated-field' }, at: around('old', 1.4, 0.4) },
      { labels: { action: 'warn', rule: 'azure-backend' }, at: around('bird', 0.8, 0.3, [1, 8, 0.3]) },
      { labels: { action: 'audit', rule: 'shoot/aws-route-controller' }, at: around('route', 2.6, 0.7) },
    ],
  },
  'Patches by mutation': {
    A: [
      { labels: { mutation: 'azure-backend' }, at: around('patch-azure', 9, 2, [14, 8, 0.3]) },
      { labels: { mutation: 'mtu-string' }, at: around('patch-mtu', 3, 1, [2, 11, 0.2]) },
    ],
  },
  'Time until the certificates end': {
    A: [
      { labels: { kind: 'ca' }, at: steady(71, -1 / 24) },
      { labels: { kind: 'leaf' }, at: steady(11, -1 / 24) },
    ],
  },
  'Requests in flight': {
    A: [
      { labels: { pod: POD_A }, at: (hour) => Math.max(0, Math.round(1.8 * noise('flight-a', hour) - 0.9)) },
      { labels: { pod: POD_B }, at: (hour) => Math.max(0, Math.round(2.6 * noise('flight-b', hour) - 1.1)) },
    ],
    B: [
      { labels: { state: 'new' }, at: steady(3) },
      { labels: { state: 'used' }, at: steady(9) },
    ],
  },
  'Internal faults': { A: [] },
  'Calls that failed': {
    A: [
      {
        labels: { error_type: 'calling_webhook_error', name: VALIDATE },
        at: (hour) => (Math.abs(hour - 7.2) < 0.12 ? 11 - 60 * Math.abs(hour - 7.2) : 0),
      },
    ],
    B: [],
  },
  'p99 as the API server measures it': {
    A: [
      { labels: { name: VALIDATE }, at: around('api-v', 0.0046, 0.0006, [0.003, 8, 0.3]) },
      { labels: { name: MUTATE }, at: around('api-m', 0.0038, 0.0005, [0.002, 8, 0.3]) },
    ],
  },
  Memory: {
    A: [
      { labels: { pod: POD_A }, at: around('rss-a', 104 * 2 ** 20, 3 * 2 ** 20, [9 * 2 ** 20, 8, 0.4]) },
      { labels: { pod: POD_B }, at: around('rss-b', 99 * 2 ** 20, 3 * 2 ** 20, [8 * 2 ** 20, 8, 0.4]) },
    ],
    B: [
      { labels: { pod: POD_A }, at: around('body-a', 0, 40_000) },
      { labels: { pod: POD_B }, at: around('body-b', 0, 40_000) },
    ],
  },
  CPU: {
    A: [
      { labels: { pod: POD_A }, at: around('cpu-a', 0.011, 0.002, [0.006, 8, 0.3]) },
      { labels: { pod: POD_B }, at: around('cpu-b', 0.01, 0.002, [0.006, 8, 0.3]) },
    ],
  },
  'Event-loop delay, p99': {
    A: [
      { labels: { pod: POD_A }, at: around('lag-a', 0.0112, 0.0004) },
      { labels: { pod: POD_B }, at: around('lag-b', 0.0111, 0.0004) },
    ],
  },
  'Held now, by rule and action': {
    A: [
      { labels: { action: 'deny', rule: 'shoot/vpa-mode-needs-vpa' }, at: (hour) => (hour < 9 ? 4 : 3) },
      { labels: { action: 'deny', rule: 'shoot/unknown-field' }, at: steady(2) },
      { labels: { action: 'warn', rule: 'shoot/setting-without-effect' }, at: steady(11) },
      { labels: { action: 'warn', rule: 'shoot/deprecated-field' }, at: steady(6) },
    ],
  },
  'Objects evaluated': {
    A: [{ labels: { resource: 'shoots.core.gardener.cloud' }, at: steady(1204) }],
    B: [{ labels: {}, at: steady(21) }],
  },
  'Last audit': {
    A: [{ labels: {}, at: (hour) => 3600 * ((hour - FROM_HOUR + 3) % 6) }],
    B: [{ labels: {}, at: steady(9) }],
  },
  Builds: { A: [{ labels: { version: '0.1.0', networking_calico: 'v1.60.0' }, at: steady(2) }] },
};
