import type { FieldPath } from '../policy/field-path.ts';

/**
 * Fields of a Shoot that no rule and no mutation reads, by the map that contains them. They are most of a large Shoot.
 * Source: gardener, pkg/apis/core/v1beta1/types_shoot.go. test/admission/unread-parts.test.ts fails when a rule reads one.
 */
const UNREAD: readonly (readonly [FieldPath, readonly string[]])[] = [
  [['metadata'], ['annotations', 'finalizers', 'labels', 'managedFields', 'ownerReferences']],
  [
    ['spec'],
    [
      'accessRestrictions',
      'addons',
      'controlPlane',
      'dns',
      'exposureClassName',
      'extensions',
      'hibernation',
      'maintenance',
      'monitoring',
      'resources',
      'seedSelector',
      'tolerations',
    ],
  ],
  [
    ['spec', 'kubernetes'],
    ['clusterAutoscaler', 'etcd', 'kubeAPIServer', 'kubeScheduler'],
  ],
  [
    ['spec', 'provider'],
    ['controlPlaneConfig', 'workersSettings'],
  ],
  [
    ['spec', 'provider', 'workers', '*'],
    [
      'annotations',
      'caBundle',
      'clusterAutoscaler',
      'controlPlane',
      'cri',
      'dataVolumes',
      'kubeletDataVolumeName',
      'labels',
      'machine',
      'machineControllerManager',
      'maxSurge',
      'maxUnavailable',
      'minimum',
      'name',
      'priority',
      'providerConfig',
      'sysctls',
      'systemComponents',
      'taints',
      'updateStrategy',
      'volume',
      'zones',
    ],
  ],
  [
    ['status'],
    [
      'advertisedAddresses',
      'conditions',
      'constraints',
      'credentials',
      'encryptedResources',
      'gardener',
      'lastErrors',
      'lastMaintenance',
      'networking',
    ],
  ],
];

export const UNREAD_OF_SHOOTS: readonly FieldPath[] = UNREAD.flatMap(([path, names]) =>
  names.map((name) => [...path, name]),
);
