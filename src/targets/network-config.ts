import type { CelObject } from '../policy/cel.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, type JsonObject, readString } from '../policy/json.ts';
import type { ShortenedList } from '../policy/types.ts';
import type { ShapeProblem } from '../schema/shape.ts';

/** Calico's group in Gardener (networking-calico, pkg/apis/calico/v1alpha1). */
export const CALICO_GROUP = 'calico.networking.extensions.gardener.cloud';
export const CALICO_API_VERSION = `${CALICO_GROUP}/v1alpha1`;
export const NETWORK_CONFIG_KIND = 'NetworkConfig';

/** What a NetworkConfig begins with that did not exist before. */
export const TYPE_META: JsonObject = { apiVersion: CALICO_API_VERSION, kind: NETWORK_CONFIG_KIND };

/** A NetworkConfig and what surrounds it, wherever it stands. */
export interface NetworkConfigView {
  readonly target: 'shoot' | 'network';
  readonly object: JsonObject;
  /** Where the NetworkConfig stands in the object. */
  readonly configPath: FieldPath;
  /** The NetworkConfig as it was written, whatever it is. */
  readonly configValue: unknown;
  /** The NetworkConfig to read from; empty where there is none or it is no map. */
  readonly config: JsonObject;
  /** Where the list of IP families stands, and the strings in it. */
  readonly ipFamiliesPath: FieldPath;
  readonly ipFamilies: readonly string[];
  /** The cloud, as Gardener names it: the object's own, else the one that the request's path names. */
  readonly provider: string | undefined;
  /** Whether the object says that its network is Calico's; where it says nothing, nothing is added to it. */
  readonly isTyped: boolean;
}

/** What every rule about the NetworkConfig reads. */
export interface NetworkConfigInput extends NetworkConfigView {
  readonly shape: readonly ShapeProblem[];
  readonly shortened: readonly ShortenedList[];
  readonly duplicates: readonly FieldPath[];
}

/**
 * Whether a network is ours: it says calico, or it says nothing and its configuration, if any, names no other group.
 * A written type that is no string says nothing; its wrong type is a finding of its own.
 */
export function isCalico(type: unknown, config: unknown): boolean {
  if (typeof type === 'string' && type !== '') return type === 'calico';
  const apiVersion = isMap(config) ? readString(config, 'apiVersion') : undefined;
  if (apiVersion === undefined) return true;
  const slash = apiVersion.indexOf('/');
  return slash <= 0 || apiVersion.slice(0, slash) === CALICO_GROUP;
}

/** {@link isCalico} in CEL. */
export function isCalicoInCel(object: CelObject, type: readonly string[], config: readonly string[]): string {
  const apiVersion = [...config, 'apiVersion'];
  const saysNothing = `!(${object.hasType(type, 'string')} && ${object.value(type)} != '')`;
  const group = object.value(apiVersion);
  const isOther = `${object.hasType(apiVersion, 'string')} && ${group}.matches('^[^/]+/') && !${group}.startsWith('${CALICO_GROUP}/')`;
  return `(${object.is(type, 'calico')} || ${saysNothing} && !(${isOther}))`;
}
