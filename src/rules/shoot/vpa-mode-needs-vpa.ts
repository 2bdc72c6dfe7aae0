// autoScaling.mode vpa asks for VerticalPodAutoscaler objects. While the VPA of the Shoot is off, nothing acts on them:
// the extension then uses the cluster-proportional autoscalers and ignores the resources in the block without an error.
// Gardener enables the VPA of a new Shoot whose block is missing, but before it calls webhooks; so a missing block
// means off here.
import { type Contradiction, findContradiction } from '../../policy/contradiction.ts';
import type { Rule } from '../../policy/types.ts';
import { SHOOT_CONFIG_PATH, type ShootInput } from '../../targets/shoot.ts';

const CONTRADICTION: Contradiction = {
  tests: [
    { path: [...SHOOT_CONFIG_PATH, 'autoScaling', 'mode'], is: 'vpa' },
    { path: ['spec', 'kubernetes', 'verticalPodAutoscaler', 'enabled'], isNot: true },
  ],
  explain: () => ({
    problem: "the Shoot's VPA is not enabled",
    advice: 'set spec.kubernetes.verticalPodAutoscaler.enabled: true, or use another mode',
  }),
};

export const vpaModeNeedsVpa: Rule<ShootInput> = {
  id: 'shoot/vpa-mode-needs-vpa',
  title: 'autoScaling.mode vpa must come with the VPA of the Shoot',
  action: 'deny',
  docs: {
    why: 'While the VPA is off, nothing acts on the mode: Calico uses cluster-proportional scaling and ignores the resources that you set.',
    fix: 'Set `spec.kubernetes.verticalPodAutoscaler.enabled: true`, or use the mode `cluster-proportional` or `static`.',
    good: `
kind: Shoot
spec:
  kubernetes:
    verticalPodAutoscaler:
      enabled: true
  networking:
    type: calico
    providerConfig:
      autoScaling:
        mode: vpa
`,
    bad: `
kind: Shoot
spec:
  kubernetes:
    verticalPodAutoscaler:
      enabled: false
  networking:
    type: calico
    providerConfig:
      autoScaling:
        mode: vpa
`,
    source:
      'gardener-extension-networking-calico, docs/usage (autoscaling) and chart values (no peer checks it)',
    since: '0.1.0',
  },
  contradiction: CONTRADICTION,
  check: ({ object }, options) => findContradiction(CONTRADICTION, object, options),
};
