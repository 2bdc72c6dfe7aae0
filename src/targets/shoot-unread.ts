import type { FieldPath } from '../policy/field-path.ts';

/**
 * Fields of a Shoot that no rule and no mutation reads, by the map that contains them. They are most of a large Shoot.
 * Source: gardener, pkg/apis/core/v1beta1/types_shoot.go. test/admission/unread-parts.test.ts fails when a rule reads one.
 */
export const UNREAD_FIELDS = {
  metadata: ['annotations', 'finalizers', 'labels', 'ownerReferences'],
  spec: [
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
  kubernetes: ['clusterAutoscaler', 'etcd', 'kubeAPIServer', 'kubeScheduler'],
  provider: ['controlPlaneConfig', 'workersSettings'],
  worker: [
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
  status: [
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
} as const;

const PATHS: Readonly<Record<keyof typeof UNREAD_FIELDS, FieldPath>> = {
  metadata: ['metadata'],
  spec: ['spec'],
  kubernetes: ['spec', 'kubernetes'],
  provider: ['spec', 'provider'],
  worker: ['spec', 'provider', 'workers', '*'],
  status: ['status'],
};

export const UNREAD_OF_SHOOTS: readonly FieldPath[] = Object.entries(PATHS).flatMap(([name, path]) =>
  UNREAD_FIELDS[name as keyof typeof PATHS].map((field) => [...path, field]),
);
