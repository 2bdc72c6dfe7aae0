declare module '../policy/fact.ts' {
  interface Facts {
    /** The cloud provider of a cluster, with Gardener's name: aws, azure, gcp, openstack, … */
    cloud: {
      readonly cloud: string;
    };
  }
}

/** Cloud providers whose network settings some rules know, with Gardener's names. */
export const PROVIDERS: readonly string[] = ['alicloud', 'aws', 'azure', 'gcp', 'openstack'];

/**
 * The cloud provider of an object: its own, otherwise the one in the path of the request. `isKnown` is false where
 * only the path names it, and no rule knows it.
 */
export function chooseProvider(
  own: string | undefined,
  fromPath: string | undefined,
): { readonly provider: string | undefined; readonly isKnown: boolean } {
  if (own !== undefined && own !== '') return { provider: own, isKnown: true };
  return { provider: fromPath, isKnown: fromPath === undefined || PROVIDERS.includes(fromPath) };
}
