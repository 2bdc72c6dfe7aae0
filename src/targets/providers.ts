declare module '../policy/fact.ts' {
  interface Facts {
    /** The cloud that a cluster runs in, in Gardener's words: aws, azure, gcp, openstack, … */
    cloud: {
      readonly cloud: string;
    };
  }
}

/** Clouds whose network settings we know something about, as Gardener names them. */
export const PROVIDERS: readonly string[] = ['alicloud', 'aws', 'azure', 'gcp', 'openstack'];

/**
 * The cloud that an object runs in: its own, else the one that the request's path names.
 * `isKnown` is false where only the path speaks, and it names a cloud that we know nothing about.
 */
export function chooseProvider(
  own: string | undefined,
  fromPath: string | undefined,
): { readonly provider: string | undefined; readonly isKnown: boolean } {
  if (own !== undefined && own !== '') return { provider: own, isKnown: true };
  return { provider: fromPath, isKnown: fromPath === undefined || PROVIDERS.includes(fromPath) };
}
