import { shoot } from '../../support/evaluate.ts';
import type { Base } from '../../support/rule-tester.ts';

export interface Written {
  /** The providerConfig. */
  readonly config?: unknown;
  readonly spec?: object;
  readonly networking?: object;
}

/** A Shoot, alone in its review. */
export const SHOOT: Base<Written> = {
  write: ({ config, spec, networking }) => [shoot(config, spec, networking)],
  places: { config: 'spec.networking.providerConfig', networking: 'spec.networking' },
  by: 'review',
};

export function inCloud(type: string): object {
  return { provider: { type } };
}
