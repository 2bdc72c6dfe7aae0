import configSchema from '../kinds/network-config.json' with { type: 'json' };
import schema from '../kinds/shoot.json' with { type: 'json' };
import type { Fact } from '../policy/fact.ts';
import type { FieldPath } from '../policy/field-path.ts';
import {
  deepEqual,
  isMap,
  isUnset,
  type JsonObject,
  read,
  readList,
  readMap,
  readString,
} from '../policy/json.ts';
import type { EvaluationRequest, Target } from '../policy/types.ts';
import { createShape, type Shape } from '../schema/shape.ts';
import { isDeleting } from './deletion.ts';
import { isCalico, type NetworkConfigInput, type NetworkConfigView, TYPE_META } from './network-config.ts';
import { effectiveOverlay, familiesOf } from './overlay-state.ts';
import { chooseProvider, PROVIDERS } from './providers.ts';
import { findRoutedNetworks } from './routed-networks.ts';
import { SHOOT_IN_CEL } from './shoot-in-cel.ts';
import { createShootSamples } from './shoot-samples.ts';
import { UNREAD_OF_SHOOTS } from './shoot-unread.ts';

declare module '../policy/fact.ts' {
  interface Facts {
    /** The range of pods of a Shoot without an overlay, and the networks in which it is routed. */
    'routed-pods': {
      /**
       * The network that Shoots share: `vpc vpc-123`. Pods of all of them reach each other. Empty where each Shoot
       * gets its own.
       */
      readonly network: string;
      readonly cidr: string;
    };
  }
}

/** A Gardener Shoot with a Calico network. */
interface ShootView extends NetworkConfigView {
  readonly target: 'shoot';
  readonly operation: EvaluationRequest['operation'];
  /** Empty where it is missing, or is no map. */
  readonly spec: JsonObject;
  readonly networking: JsonObject;
}

/** The input of rules about Shoots. */
export interface ShootInput extends ShootView, NetworkConfigInput {
  readonly target: 'shoot';
  /**
   * The Shoot before the update, where there is one. Rules about a change read both, but the old Shoot gets no
   * findings.
   */
  readonly old: ShootView | undefined;
}

/** The path of the NetworkConfig in a Shoot. */
export const SHOOT_CONFIG_PATH = ['spec', 'networking', 'providerConfig'] as const;
const FAMILIES_PATH: FieldPath = ['spec', 'networking', 'ipFamilies'];

/** Shoots of core.gardener.cloud, in the virtual garden cluster. */
export function createShootTarget(shape: Shape = createShape(schema, [configSchema])): Target<ShootInput> {
  return {
    id: 'shoot',
    apis: [{ group: 'core.gardener.cloud', versions: ['v1beta1'] }],
    kind: 'Shoot',
    resource: 'shoots',
    scope: 'Namespaced',
    registration: 'garden',
    schema: shape.schema,
    config: { path: SHOOT_CONFIG_PATH, typeMeta: TYPE_META },
    passesUnchanged: true,
    readPaths: [
      ['spec', 'seedName'],
      ['status', 'seedName'],
      ['status', 'lastOperation', 'type'],
      ['status', 'lastOperation', 'state'],
    ],
    unreadPaths: UNREAD_OF_SHOOTS,
    providers: PROVIDERS,
    samples: createShootSamples,
    words: PROVIDERS,
    inCel: SHOOT_IN_CEL,
    // Only Shoots have these two fields, and a hand-written review must be evaluated as well.
    resembles: (object) => {
      const spec = readMap(object, 'spec');
      return isMap(read(spec, 'kubernetes')) || isMap(read(spec, 'networking'));
    },
    complete,
    membership: () => 'apart',
    read: (request, purpose) => {
      if (purpose === 'mutate' && !isMap(request.object)) return undefined;
      if (isLeftAlone(request, purpose)) return undefined;
      const own = readString(request.object, 'spec', 'provider', 'type');
      if (purpose === 'mutate' && !chooseProvider(own, request.pathProvider).isKnown) return undefined;
      const shoot = readShoot(request, 'object', readBefore(request));
      // After a patch, the API server writes the map again, with the last value of a key that was written twice:
      // /validate would then find no duplicate.
      if (purpose === 'mutate' && shoot !== undefined && shoot.duplicates.length > 0) return undefined;
      return shoot;
    },
    readOld,
    listFacts: listShootFacts,
  };

  function readOld(request: EvaluationRequest): ShootInput | undefined {
    return isMap(request.old) ? readShoot(request, 'old', undefined) : undefined;
  }

  /** The old Shoot, as the input of rules about a change. */
  function readBefore(request: EvaluationRequest): ShootView | undefined {
    return isMap(request.old) ? readShoot(request, 'old', undefined, false) : undefined;
  }

  /** @param isEvaluated whether its mistakes are needed: to find them takes longer than everything else */
  function readShoot(
    request: EvaluationRequest,
    which: 'object' | 'old',
    old: ShootView | undefined,
    isEvaluated = true,
  ): ShootInput | undefined {
    const { value: object, shortened } = shape.bound(request[which]);
    const spec = readMap(object, 'spec') ?? {};
    const networking = readMap(spec, 'networking') ?? {};
    const type = read(networking, 'type');
    const configValue = read(networking, 'providerConfig');
    if (!isCalico(type, configValue) || isWorkerless(spec)) return undefined;
    return {
      target: 'shoot',
      operation: request.operation,
      object: isMap(object) ? object : {},
      spec,
      networking,
      old,
      configPath: SHOOT_CONFIG_PATH,
      configValue,
      config: isMap(configValue) ? configValue : {},
      ipFamiliesPath: FAMILIES_PATH,
      ipFamilies: readList(networking, 'ipFamilies').filter((family) => typeof family === 'string'),
      provider: chooseProvider(readString(spec, 'provider', 'type'), request.pathProvider).provider,
      isTyped: type === 'calico',
      shape: isEvaluated ? shape.check(object) : [],
      shortened,
      duplicates: isEvaluated ? request.duplicates(which, SHOOT_CONFIG_PATH) : [],
    };
  }
}

/** Gardener's admission plugin ShootVPAEnabledByDefault. A landscape may turn it off. */
function complete(shoot: JsonObject): JsonObject {
  const spec = readMap(shoot, 'spec');
  if (spec === undefined || !isUnset(read(spec, 'kubernetes', 'verticalPodAutoscaler'))) return shoot;
  const kubernetes = read(spec, 'kubernetes');
  if (!isUnset(kubernetes) && !isMap(kubernetes)) return shoot;
  return {
    ...shoot,
    spec: { ...spec, kubernetes: { ...kubernetes, verticalPodAutoscaler: { enabled: true } } },
  };
}

/** Gardener's default range of pods in an IPv4 cluster (gardener, SetDefaults_Shoot). */
const DEFAULT_PODS = '100.96.0.0/11';

function* listShootFacts(shoot: ShootInput): Generator<Fact> {
  const { provider, spec, networking } = shoot;
  if (provider === undefined) return;
  yield { about: 'cloud', path: ['spec', 'provider', 'type'], cloud: provider };
  if (effectiveOverlay(shoot) !== false) return;
  const isIpv4 = familiesOf(shoot)?.join() === 'IPv4';
  const pods = read(networking, 'pods') ?? (isIpv4 ? DEFAULT_PODS : undefined);
  if (typeof pods !== 'string') return;
  for (const network of findRoutedNetworks(provider, shoot.object, spec)) {
    yield { about: 'routed-pods', path: ['spec', 'networking', 'pods'], network, cidr: pods };
  }
}

/**
 * Only an explicit empty list means that a Shoot has no workers. Gardener then forbids all networking settings, so
 * that a Shoot that names Calico and has no such field is hand-written, and must be evaluated.
 */
function isWorkerless(spec: JsonObject): boolean {
  const workers = read(spec, 'provider', 'workers');
  return Array.isArray(workers) && workers.length === 0;
}

/**
 * Shoots that pass without evaluation: those that are being deleted (a rejected update of finalizers would block the
 * deletion, and Gardener forbids changes of their spec anyway), those that move to another seed (the control plane
 * migration writes them, and Gardener's own webhooks skip them as well), and those with an unchanged spec.
 *
 * Only the status of the old Shoot counts. A client can send any status, and mutating webhooks are called before the
 * API server replaces it (apiserver, pkg/endpoints/handlers; gardener, registry/core/shoot/strategy.go).
 */
function isLeftAlone(request: EvaluationRequest, purpose: 'validate' | 'mutate'): boolean {
  const { object, old, operation } = request;
  // A new object is not being deleted, whatever the client sends: the API server removes the field after the mutating
  // webhooks (apiserver, registry/rest/create.go). It rejects an update that changes the field.
  const isMark = operation === 'UPDATE' || purpose === 'validate';
  if (isDeleting(old) || (isMark && isDeleting(object))) return true;
  if (operation !== 'UPDATE' || !isMap(old)) return false;
  const status = read(old, 'status');
  const type = read(status, 'lastOperation', 'type');
  if (type === 'Migrate' || isRescheduled(object, status)) return true;
  if (type === 'Restore' && read(status, 'lastOperation', 'state') !== 'Succeeded') return true;
  return hasUnchangedSpec(request);
}

/** Whether a Shoot with this status is on one seed and is to be moved to another. */
export function isRescheduled(object: unknown, status: unknown): boolean {
  const wanted = read(object, 'spec', 'seedName');
  const current = read(status, 'seedName');
  return (
    readMap(status, 'lastOperation') !== undefined &&
    typeof wanted === 'string' &&
    typeof current === 'string' &&
    wanted !== '' &&
    current !== '' &&
    wanted !== current
  );
}

function hasUnchangedSpec(request: EvaluationRequest): boolean {
  return (
    deepEqual(read(request.object, 'spec'), read(request.old, 'spec')) &&
    deepEqual(request.duplicates('object', SHOOT_CONFIG_PATH), request.duplicates('old', SHOOT_CONFIG_PATH))
  );
}
