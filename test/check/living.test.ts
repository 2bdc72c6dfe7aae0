import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkJson, createRoom, type Room, runCheck, shootWith, summarize } from './command.ts';

// The Shoot of a file mostly lives already, so that nothing may be written or found that holds for a new one only.
let room: Room;
beforeEach(() => {
  room = createRoom();
});
afterEach(() => room.cleanUp());

function onCloud(cloud: string, config: string, networking = ''): string {
  return shootWith(config)
    .replace('type: local', `type: ${cloud}`)
    .replace('    type: calico\n', `$&    nodes: 10.250.0.0/16\n${networking}`);
}

const DUAL = '    ipFamilies: [IPv4, IPv6]\n';
const OFF = 'overlay: {enabled: false}';
const ON = 'overlay: {enabled: true}';

async function compare(before: string, after: string): Promise<string[]> {
  room.write({ 'old.yaml': before, 'new.yaml': after });
  const report = await checkJson(['--old', room.at('old.yaml'), room.at('new.yaml')]);
  return summarize(report, room.path).map((each) => each.replace(/^.*? /, ''));
}

describe('a Shoot without overlay block', () => {
  it.each(['alicloud', 'aws', 'gcp', 'openstack'])(
    'of %s has no finding, and stays as it is',
    async (cloud) => {
      room.write({ 'a.yaml': onCloud(cloud, 'vethMTU: "1440"') });
      expect((await checkJson([room.path])).findings).toEqual([]);
      expect((await runCheck(['--diff', room.path])).stdout).toBe('');
    },
  );

  it('is denied with IPv6 in a cluster that had none, and gets only a warning where it may be new', async () => {
    const found = [
      'warning spec.networking.ipFamilies [shoot/provider-overlay]',
      'error spec.networking.ipFamilies [shoot/provider-overlay]',
    ];
    room.write({ 'a.yaml': onCloud('aws', '', DUAL) });
    expect(summarize(await checkJson([room.path])).map((each) => each.replace(/^.*? /, ''))).toEqual([
      found[0],
    ]);
    expect(await compare(onCloud('aws', ''), onCloud('aws', '', DUAL))).toContain(found[1]);
    // A cluster with the provider extensions keeps the overlay off; another may not.
    expect(await compare(onCloud('aws', OFF, DUAL), onCloud('aws', '', DUAL))).toEqual([found[0]]);
  });

  it('reports nothing that another fault causes', async () => {
    room.write({ 'a.yaml': onCloud('aws', 'backend: birdy', DUAL) });
    const { findings } = await checkJson([room.path]);
    expect(findings.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
      'error shoot/backend',
      'warning shoot/provider-overlay',
    ]);
  });

  it('has no advice to switch where a cluster keeps what it had', async () => {
    expect(await compare(onCloud('aws', OFF), onCloud('aws', 'vethMTU: "1400"'))).toEqual([]);
    expect(await compare(onCloud('gcp', ON), onCloud('gcp', 'vethMTU: "1400"'))).toEqual([]);
    expect(await compare(onCloud('local', OFF), onCloud('local', ''))).toEqual([
      'warning spec.networking.providerConfig.overlay.enabled [shoot/overlay-switch]',
    ]);
  });

  it.each(['', OFF, ON])('is not written from what it had: %s', async (config) => {
    room.write({
      'old.yaml': onCloud('openstack', config),
      'new.yaml': onCloud('openstack', 'vethMTU: "1400"'),
    });
    expect((await runCheck(['--diff', '--old', room.at('old.yaml'), room.at('new.yaml')])).stdout).toBe('');
  });
});
