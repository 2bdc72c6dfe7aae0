// vethMTU is the MTU of the pod interfaces, as decimal text; "0" detects it. Text that is not a number would end up in
// the configuration of the CNI plugin, and no new pod would get a network. Parses text as Go's strconv.Atoi does (a
// sign and leading zeros are allowed). A number without quotes is a wrong type, not a wrong MTU.
import { parseAtoi } from '../../formats/mtu.ts';
import { read } from '../../policy/json.ts';
import type { Explanation } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';

const FIX = 'write a whole number in quotes, such as "1440", or "0" to detect it';

export const vethMtu: Rule<NetworkConfigInput> = {
  id: 'shoot/veth-mtu',
  title: 'vethMTU must be a whole number of zero or more',
  action: 'deny',
  docs: {
    why: 'The extension rejects any other text, so the network is not reconciled; with a bad MTU in the CNI configuration no new pod would start.',
    fix: 'Write a whole number in quotes, such as `"1440"`, or `"0"` (the default) to detect it.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      vethMTU: "1440"
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      vethMTU: "1440.5"
`,
    source:
      'gardener-extension-networking-calico, validation of the NetworkConfig; networking-calico#664 and #669',
    since: '0.1.0',
  },
  *check({ config, configPath }) {
    const value = read(config, 'vethMTU');
    if (typeof value !== 'string') return;
    const advice = advise(value);
    if (advice === undefined) return;
    yield {
      path: [...configPath, 'vethMTU'],
      reason: 'FieldValueInvalid',
      ...advice,
      got: value,
    };
  },
};

function advise(text: string): Explanation | undefined {
  const mtu = parseAtoi(text);
  if (mtu !== undefined) return mtu >= 0n ? undefined : { problem: 'an MTU cannot be negative', advice: FIX };
  if (text === '') return { problem: 'the MTU is empty', advice: FIX };
  if (/^[+-]?[0-9]+$/.test(text)) return { problem: 'the MTU is too large', advice: FIX };
  // With spaces around it, decimals that are zero, or a unit, the meaning is clear. Only for a short text: the time
  // that the pattern takes grows with the square of the spaces.
  const meant = text.length > 32 ? undefined : /^([0-9]{1,5})(?:\.0*)?\s*(?:bytes)?$/.exec(text.trim())?.[1];
  return { problem: 'not a whole number', advice: meant === undefined ? FIX : `write "${meant}"` };
}
