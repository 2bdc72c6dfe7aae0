import type { BundleRule, Rule, ShortenedList } from '../policy/types.ts';
import { calicoBundleRules } from './calico/index.ts';
import { calicoTooManyItems } from './calico/too-many-items.ts';
import { kopsBundleRules } from './kops/index.ts';
import { kopsTooManyItems } from './kops/too-many-items.ts';
import { kubeadmBundleRules } from './kubeadm/index.ts';
import { kubeadmTooManyItems } from './kubeadm/too-many-items.ts';
import { networkTooManyItems } from './network/too-many-items.ts';
import { shootBundleRules } from './shoot/index.ts';
import { shootTooManyItems } from './shoot/too-many-items.ts';
import { tigeraBundleRules } from './tigera/index.ts';
import { tigeraTooManyItems } from './tigera/too-many-items.ts';

/** Rules across documents, of all kinds; findings come in this order. */
export const bundleRules: readonly BundleRule[] = [
  ...calicoBundleRules,
  ...kopsBundleRules,
  ...shootBundleRules,
  ...tigeraBundleRules,
  ...kubeadmBundleRules,
];

/** Whatever kinds there are: each takes the one of its family, beside its own. */
export const tooManyItems: readonly Rule<{ readonly shortened: readonly ShortenedList[] }>[] = [
  shootTooManyItems,
  networkTooManyItems,
  kopsTooManyItems,
  calicoTooManyItems,
  tigeraTooManyItems,
  kubeadmTooManyItems,
];
