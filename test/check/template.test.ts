import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkJson, createRoom, type Room, runCheck, shootWith, summarize } from './command.ts';

let room: Room;
beforeEach(() => {
  room = createRoom();
});
afterEach(() => room.cleanUp());

/** What is found in the text, notes and all, without what every line begins with. */
async function foundIn(text: string, args: readonly string[] = []): Promise<string[]> {
  const report = await checkJson(['--notes', ...args, '-'], { stdin: text });
  return summarize(report).map((each) => each.replace(/^-:/, ''));
}

/** Errors and warnings alone. */
async function mistakesIn(...texts: readonly string[]): Promise<string[]> {
  const report = await checkJson(['-'], { stdin: texts.join('\n---\n') });
  return summarize(report).map((each) => each.replace(/^-:/, ''));
}

function pool(spec: string, name = 'pods'): string {
  return `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: ${name}}\nspec:\n  ${spec.replaceAll('\n', '\n  ')}`;
}

function installation(network: string): string {
  return `apiVersion: operator.tigera.io/v1\nkind: Installation\nmetadata: {name: default}\nspec:\n  calicoNetwork:\n    ${network.replaceAll('\n', '\n    ')}`;
}

function kubeadm(networking: string): string {
  return `apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nnetworking: ${networking}`;
}

describe('a value that something fills in later', () => {
  it.each([
    '${CIDR}',
    '"${CIDR:-10.0.0.0/8}"',
    '10.${NET}.0.0/16',
    '$(POD_CIDR)',
    '$POD_CIDR',
    '$POD_NETWORK/16',
    '{{ pod_cidr }}',
    '"{{ .Values.cidr }}"',
    "'{% if x %}10.0.0.0/8{% endif %}'",
    '{{ pod_cidr | default("10.0.0.0/8: none") }} # a comment',
    '%{ if x }10.0.0.0/8%{ endif }',
  ])('gets a note and no finding: %s', async (value) => {
    expect(await foundIn(pool(`cidr: ${value}\nnatOutgoing: true`))).toEqual([
      '1:5:9 note spec.cidr [template]',
    ]);
  });

  it.each(['$', '${}', '$()', '10.0.0.0/33$', '$1/16', 'x$NET/16', '<CIDR>', '{cidr}', '%s', '$1'])(
    'is not what only looks like it: %s',
    async (value) => {
      const found = await mistakesIn(pool(`cidr: "${value}"\nnatOutgoing: true`));
      expect(found).toEqual(['1:5:9 error spec.cidr [calico/ippool-cidr]']);
    },
  );

  it('is no wrong type', async () => {
    const text = installation(
      'mtu: ${MTU}\nhostPorts: ${PORTS}\nipPools: ["${POOL}"]\nnodeAddressAutodetectionV4: ${HOW}',
    );
    expect(await mistakesIn(text)).toEqual([]);
  });

  it('may be what a rule asks for', async () => {
    const off = shootWith('ebpfDataplane: {enabled: "${EBPF}"}').replace(
      '  kubernetes:\n',
      '  kubernetes:\n    kubeProxy: {enabled: false}\n',
    );
    expect(await mistakesIn(off)).toEqual([]);
    expect(await mistakesIn(off.replace('"${EBPF}"', 'false'))).not.toEqual([]);
  });

  it('may be what is missing', async () => {
    expect(await mistakesIn(pool('${CIDR_KEY}: 10.0.0.0/8'))).toEqual([]);
    expect(await mistakesIn(pool('x: 1').replace('spec:\n  x: 1', 'spec: ${SPEC}'))).toEqual([]);
    expect(await mistakesIn(installation('ipPools: ${POOLS}\nbgp: Disabled'))).toEqual([]);
  });

  it('does not keep the rest of its object from being evaluated', async () => {
    expect(await mistakesIn(pool('cidr: ${CIDR}\nvxlanMode: always\nnatOutgoing: true'))).toEqual([
      '1:6:14 error spec.vxlanMode [calico/ippool-mode]',
    ]);
    const pools = 'ipPools:\n  - cidr: ${CIDR}\n    encapsulation: vxlan';
    expect(await mistakesIn(installation(pools))).toEqual([
      '1:8:24 error spec.calicoNetwork.ipPools[0].encapsulation [tigera/installation-values]',
    ]);
    expect(await mistakesIn(shootWith('backend: ${BACKEND}\nipv4: {mode: always}'))).toEqual([
      '1:20:20 error spec.networking.providerConfig.ipv4.mode [shoot/pools]',
    ]);
  });

  it('does not hide that its field is unknown', async () => {
    const text =
      'apiVersion: projectcalico.org/v3\nkind: FelixConfiguration\nmetadata: {name: default}\nspec:\n  bpfEnable: ${BPF}';
    expect(await mistakesIn(text)).toEqual(['1:5:3 warning spec.bpfEnable [calico/misspelt-field]']);
  });

  it('is the same value in every place, and overlaps with nothing', async () => {
    const inside = pool('cidr: 10.1.0.0/16\nnatOutgoing: true', 'b');
    expect(await mistakesIn(pool('cidr: ${CIDR}\nnatOutgoing: true'), inside)).toEqual([]);
    expect(await mistakesIn(kubeadm('{podSubnet: "${POD}", serviceSubnet: 10.96.0.0/12}'), inside)).toEqual(
      [],
    );
    expect(await mistakesIn(kubeadm('{podSubnet: "${POD}", serviceSubnet: "${POD}"}'))).toEqual([]);
    expect(await mistakesIn(kubeadm('{podSubnet: 10.244.0.0/16}'), inside)).not.toEqual([]);
  });

  it('leaves other documents to be compared', async () => {
    const found = await mistakesIn(
      pool('cidr: 10.0.0.0/8\nnatOutgoing: true\nblockSize: ${SIZE}', 'a'),
      pool('cidr: 10.1.0.0/16\nnatOutgoing: true', 'b'),
    );
    expect(found).toEqual(['2:13:9 error spec.cidr [calico/ippool-overlap]']);
  });

  it('may be the name of what another document asks for', async () => {
    const typha = (name: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: kube-system}\nspec: {replicas: 1}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: kube-system}\nspec: {ports: [{port: 5473}]}`;
    const node =
      'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: calico-node, namespace: kube-system}\nspec: {template: {spec: {containers: [{name: calico-node, env: [{name: FELIX_TYPHAK8SSERVICENAME, value: calico-typha}]}]}}}';
    expect(await mistakesIn(node, typha('"${TYPHA}"'))).toEqual([]);
    expect(await mistakesIn(node, typha('other'))).toHaveLength(1);
  });

  it('may be both the name and the namespace of what another document asks for', async () => {
    const withoutKubeProxy =
      'apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nskipPhases: [addon/kube-proxy]';
    const node = (name: string) =>
      'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: calico-node, namespace: kube-system}\n' +
      'spec: {template: {spec: {containers: [{name: calico-node, image: "quay.io/calico/node:v3.30.0",\n' +
      `  env: [{name: "${name}", value: "true"}]}]}}}`;
    const endpoint = (metadata: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {${metadata}}\n` +
      'data: {KUBERNETES_SERVICE_HOST: api.example.com, KUBERNETES_SERVICE_PORT: "6443"}';
    const ebpf = node('FELIX_BPFENABLED');
    for (const metadata of [
      'name: "${A}"',
      'name: "${A}", namespace: "${B}"',
      'name: "${A}", namespace: kube-system',
    ]) {
      expect(await mistakesIn(withoutKubeProxy, ebpf, endpoint(metadata)), metadata).toEqual([]);
    }
    expect(await mistakesIn(withoutKubeProxy, ebpf, endpoint('name: other'))).toHaveLength(1);
    // A variable whose name is unknown may be the one that switches eBPF on.
    expect(await mistakesIn(withoutKubeProxy, node('${NAME}'))).toEqual([]);
    expect(await mistakesIn(withoutKubeProxy, node('OTHER'))).toHaveLength(1);
  });

  it('is evaluated as in a review, because an API server holds it', async () => {
    const object = {
      apiVersion: 'projectcalico.org/v3',
      kind: 'IPPool',
      metadata: { name: 'a' },
      spec: { cidr: '${CIDR}', natOutgoing: true },
    };
    const review = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: { uid: 'x', operation: 'CREATE', object },
    };
    expect(await foundIn(JSON.stringify(review))).toEqual(['1:1:205 error spec.cidr [calico/ippool-cidr]']);
  });

  it('is unchanged where its text is', async () => {
    const text = (size: string) => pool(`cidr: 10.0.0.0/8\nnatOutgoing: \${NAT}\nblockSize: ${size}`);
    room.write({ 'old.yaml': text('26') });
    expect(await foundIn(text('26'), ['--old', room.at('old.yaml')])).toEqual([
      '1:6:16 note spec.natOutgoing [template]',
    ]);
    const found = await foundIn(text('27'), ['--old', room.at('old.yaml')]);
    expect(found).toContain('1:7:14 error spec.blockSize [calico/ippool-immutable]');
  });

  it('is not noted in names, labels and scripts', async () => {
    const text = `${pool('cidr: 10.0.0.0/8\nnatOutgoing: true')}\n`.replace(
      '{name: pods}',
      '{name: "${NAME}", labels: {a: "{{ x }}"}}',
    );
    expect(await foundIn(text)).toEqual([]);
  });
});

describe('a template that is not YAML', () => {
  const lines = '{% if x %}\napiVersion: projectcalico.org/v3\nkind: IPPool\n{% endif %}\n';

  it('is one note, with advice that fits', async () => {
    const reported = async (text: string) => {
      const { findings } = await checkJson(['--notes', '-'], { stdin: text });
      return findings.map(
        ({ document, line, column, severity, message }) =>
          `${document}:${line}:${column} ${severity} ${message}`,
      );
    };
    expect(await reported(lines)).toEqual([
      '1:1:1 note a template, which was not evaluated (got "{% if x %}"); check the rendered manifests',
    ]);
    expect(
      await reported('kind: IPPool\nspec:\n  {{- with .Values.spec }}\n  cidr: {{ .cidr }}\n  {{- end }}\n'),
    ).toEqual([
      '1:3:3 note a template, which was not evaluated (got "{{- with .Values.spec }}"); check the rendered manifests, as in: helm template . | calico-admission check -',
    ]);
    expect(await reported('spec:\n%{ if calico }\n  a: ${b}\n%{ endif }\n')).toEqual([
      '1:2:1 note a template, which was not evaluated (got "%{ if calico }"); check the rendered manifests',
    ]);
  });

  it('keeps the whole file from being evaluated: a line may decide about the next document', async () => {
    const bad = pool('cidr: 10.0.0.0/33');
    expect(await foundIn(`{{ if .x }}\na: 1\n---\n${bad}\n---\n{{ end }}\n`)).toEqual([
      '1:1:1 note  [template]',
    ]);
    expect(await foundIn(`${bad}\n---\n{{ if .x }}\na: 1\n`)).toEqual(['2:7:1 note  [template]']);
  });

  it('is passed over where it was only found, and is not about Calico', async () => {
    room.write({
      'chart/deploy.yaml': '{{ if .x }}\nkind: Deployment\n{{ end }}\n',
      'chart/pool.yaml': lines,
    });
    const report = await checkJson(['--notes', room.path]);
    expect(summarize(report, room.path)).toEqual(['chart/pool.yaml:1:1:1 note  [template]']);
    const named = await checkJson(['--notes', room.at('chart/deploy.yaml')]);
    expect(summarize(named, room.path)).toEqual(['chart/deploy.yaml:1:1:1 note  [template]']);
  });

  it.each([
    ['an expression in quotes', 'metadata:\n  note: "{{ x }}"\nspec: [calico\n', '1:3:13'],
    ['an expression in a script', 'data:\n  run: |\n    {{ x }}\nspec: {calico: 1\n', '1:4:16'],
  ])('is not every broken file with %s', async (_name, text, place) => {
    const found = await foundIn(text);
    // A line of a script alone may be one of a template as well.
    expect(found[0]).toMatch(new RegExp(`^(?:${place} error  \\[syntax\\]|1:3:5 note  \\[template\\])$`));
  });

  it('is no YAML with expressions in blocks', async () => {
    expect(
      await foundIn(
        `${pool('cidr: 10.0.0.0/33\nnatOutgoing: true')}\n---\ndata:\n  run: |\n    {{ if x }}\n    y\n`,
      ),
    ).toEqual(['1:5:9 error spec.cidr [calico/ippool-cidr]']);
  });

  it('is read in time, however many marks it has', async () => {
    for (const mark of ['{{', '{%', '{{ }}', '%{', '${']) {
      const text = `a: ${mark.repeat(100_000)}\n calico`;
      await foundIn(text);
    }
  });
});

describe('notes', () => {
  const noted = pool('cidr: ${CIDR}\nnatOutgoing: true');

  it('are one line on standard error, unless they are asked for', async () => {
    const quiet = await runCheck(['-'], { stdin: noted });
    expect(quiet).toEqual({
      code: 0,
      stdout: 'no mistakes found (1 object evaluated, 1 document in 1 file)\n',
      stderr:
        'calico-admission: 1 note about values and files that were not evaluated, or for the audit; list with --notes\n',
    });
    const loud = await runCheck(['--notes', '-'], { stdin: noted });
    expect(loud.stdout).toContain(
      '-:5:9: note: filled in later, and not evaluated (got "${CIDR}") [template]',
    );
    expect(loud).toMatchObject({ code: 0, stderr: '' });
  });

  it('are counted in JSON, and listed where they are asked for', async () => {
    expect(await checkJson(['-'], { stdin: noted })).toEqual({
      findings: [],
      suppressed: [],
      summary: { errors: 0, warnings: 0, notes: 1, files: 1, documents: 1, objects: 1 },
    });
    expect((await checkJson(['--notes', '-'], { stdin: noted })).findings).toMatchObject([
      {
        severity: 'note',
        rule: 'template',
        path: 'spec.cidr',
        problem: 'filled in later, and not evaluated',
        got: '${CIDR}',
      },
    ]);
  });

  it('are no errors with --strict', async () => {
    expect((await runCheck(['--strict', '-'], { stdin: noted })).code).toBe(0);
  });

  it('hold what is only for the audit', async () => {
    const text = pool('cidr: 10.0.0.0/8\nnatOutgoing: true').replace(
      'projectcalico.org/v3',
      'crd.projectcalico.org/v1',
    );
    expect(await foundIn(text)).toEqual(['1:1:13 note apiVersion [calico/storage-group]']);
  });

  it('are notices for GitHub, and notes in SARIF', async () => {
    const github = await runCheck(['--notes', '-o', 'github', '-'], { stdin: noted });
    expect(github.stdout).toMatch(
      /^::notice line=5,col=9,endColumn=16,title=template::spec\.cidr: filled in later/,
    );
    const sarif = await runCheck(['--notes', '-o', 'sarif', '-'], { stdin: noted });
    const { runs } = JSON.parse(sarif.stdout);
    expect(runs[0].results).toMatchObject([{ ruleId: 'template', level: 'note' }]);
    expect(runs[0].tool.driver.rules[0]).toMatchObject({ id: 'template', help: {} });
  });
});
