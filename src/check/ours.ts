import type { Registry } from '../policy/registry.ts';
import { EMBEDDING } from './embedded.ts';
import { OLD_KINDS } from './old-api.ts';

/** Whether a text names an API group of ours, or Calico. Then it may concern us, even if it cannot be read. */
export function namesOurs(registry: Registry, text: string): boolean {
  if (NAMES.test(text) || EMBEDDING.test(text) || OLD_OBJECT.test(text)) return true;
  // The texts of these groups always contain one of the names.
  return registry.groups.some((group) => !NAMES.test(group) && text.includes(group));
}

/**
 * Whether a text that cannot be read looks like an object of ours, and does not only mention Calico: it has an
 * apiVersion of ours, or the form of an object that names Calico.
 */
export function declaresOurs(registry: Registry, text: string): boolean {
  // Not within a longer name, as in https://docs.projectcalico.org/v3.8.
  const isOfGroup = (group: string) =>
    [...text.matchAll(VERSION)].some(({ index }) => isWholeName(text.slice(0, index), group));
  return (NAMES.test(text) && OBJECT.every((word) => word.test(text))) || registry.groups.some(isOfGroup);
}

const NAMES = /calico|tigera/i;
const OLD_OBJECT = new RegExp(`\\bkind['"]?\\s*:\\s*['"]?(?:${OLD_KINDS.join('|')})\\b`);
const OBJECT = [/\bapiVersion\b/, /\bkind\b/];
/** The version after the group in an apiVersion. */
const VERSION = /\\?\/v\d/g;

function isWholeName(before: string, group: string): boolean {
  if (!before.endsWith(group)) return false;
  return !/[\w./-]/.test(before.charAt(before.length - group.length - 1));
}
