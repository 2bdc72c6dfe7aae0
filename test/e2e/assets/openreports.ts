import { join } from 'node:path';
import { downloadModule } from '../../manifests/tools.ts';

const MODULE = 'github.com/openreports/reports-api@v0.2.1';

/**
 * The CustomResourceDefinitions of Report and ClusterReport, as they are published.
 * @returns their paths
 * @throws with what Go says, if the module cannot be had
 */
export function findReportKinds(): string[] {
  const directory = join(downloadModule(MODULE), 'config/crd');
  return ['reports', 'clusterreports'].map((plural) => join(directory, `openreports.io_${plural}.yaml`));
}
