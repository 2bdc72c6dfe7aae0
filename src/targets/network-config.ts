import type { CelObject } from '../policy/cel.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, type JsonObject, readString } from '../policy/json.ts';
import type { ShortenedList } from '../policy/types.ts';
import type { ShapeProblem } from '../schema/shape.ts';

/** Calico's group in Gardener (networking-calico, pkg/apis/calico/v1alpha1). */
export const CALICO_GROUP = 'calico.networking.extensions.gardener.cloud';
export const CALICO_API_VERSION = `${CALICO_GROUP}/v1alpha1`;
export const NETWORK_CONFIG_KIND = 'NetworkConfig';

/** The first fields of a new NetworkConfig. */
export const TYPE_META: JsonObject = { apiVersion: CALICO_API_VERSION, kind: NETWORK_CONFIG_KIND };

/** A NetworkConfig and its surroundings, in any kind of object. */
export interface NetworkConfigView {
  readonly target: 'shoot' | 'network';
  readonly object: JsonObject;
  /** The path of the NetworkConfig in the object. */
  readonly configPath: FieldPath;
  /** The written NetworkConfig, of any type. */
  readonly configValue: unknown;
  /** The NetworkConfig as a map. Empty where there is none, or it is no map. */
  readonly config: JsonObject;
  /** The path of the list of IP families, and the strings in it. */
  readonly ipFamiliesPath: FieldPath;
  readonly ipFamilies: readonly string[];
  /** The cloud provider, with Gardener's name: the object's own, otherwise the one in the path of the request. */
  readonly provider: string | undefined;
  /** Whether the object names Calico as its network type. Where it names none, mutations add nothing to it. */
  readonly isTyped: boolean;
}

/** The input of every rule about the NetworkConfig. */
export interface NetworkConfigInput extends NetworkConfigView {
  readonly shape: readonly ShapeProblem[];
  readonly shortened: readonly ShortenedList[];
  readonly duplicates: readonly FieldPath[];
}

/**
 * Whether a network is ours: its type is calico, or it has no type, and its configuration, if any, has no other
 * group. A type that is no string counts as no type; the wrong type is a finding of its own.
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
