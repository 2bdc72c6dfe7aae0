// kubeadm writes it into every kubeconfig as an address with https, so it is a host with or without a port, and no URL.
import { isDns1123Subdomain } from '../../formats/dns.ts';
import { isPort, splitHostPort } from '../../formats/host-port.ts';
import { parseIp } from '../../formats/ip.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const PATH = ['controlPlaneEndpoint'];

export const controlPlaneEndpoint: Rule<ObjectInput> = {
  id: 'kubeadm/control-plane-endpoint',
  title: 'controlPlaneEndpoint must be an address or a name, with or without a port',
  action: 'deny',
  docs: {
    why: 'kubeadm rejects a URL, upper-case letters in a name, and a port that is not a number from 1 to 65535. The eBPF dataplane of Calico needs the same address.',
    fix: 'Write it like `api.example.com:6443` or `192.168.1.10:6443`, and IPv6 with a port like `[fd00::10]:6443`.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
controlPlaneEndpoint: api.example.com:6443
networking:
  podSubnet: 10.244.0.0/16
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
controlPlaneEndpoint: https://api.example.com:6443
networking:
  podSubnet: 10.244.0.0/16
`,
    source: 'kubeadm 1.36, app/util/endpoint.go: ParseHostPort',
    since: '0.1.0',
  },
  *check({ object }) {
    const got = readString(object, ...PATH) ?? '';
    if (got === '') return;
    const { host, port } = splitHostPort(got) ?? { host: got, port: '' };
    const advice = 'write a host and a port, such as api.example.com:6443';
    if (port !== '' && !isPort(port)) {
      yield { path: PATH, reason: 'FieldValueInvalid', problem: 'the port is not valid', got, advice };
    }
    if (parseIp(host) !== undefined || isDns1123Subdomain(host)) return;
    yield { path: PATH, reason: 'FieldValueInvalid', problem: 'not an address or a name', got, advice };
  },
};
