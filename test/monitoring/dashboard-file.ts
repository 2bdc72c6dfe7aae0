import { readFileSync } from 'node:fs';

/** What we use of Grafana's dashboard model. */
export interface Dashboard {
  readonly title: string;
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly label: string;
      readonly definition?: string;
    }[];
  };
  readonly panels: readonly Panel[];
}

export interface Panel {
  readonly type: 'row' | 'stat' | 'timeseries' | 'table';
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly decimals?: number;
      readonly custom?: {
        readonly drawStyle?: 'line' | 'bars';
        readonly fillOpacity?: number;
        readonly stacking?: { readonly mode: 'none' | 'normal' };
        readonly thresholdsStyle?: { readonly mode: 'line' };
      };
      readonly thresholds?: {
        readonly steps: readonly { readonly color: string; readonly value: number | null }[];
      };
    };
    readonly overrides: readonly {
      readonly matcher: { readonly options: string };
      readonly properties: readonly {
        readonly id: string;
        readonly value: { readonly mode?: string; readonly fixedColor?: string };
      }[];
    }[];
  };
  readonly transformations?: readonly {
    readonly options: {
      readonly indexByName: Readonly<Record<string, number>>;
      readonly renameByName: Readonly<Record<string, string>>;
    };
  }[];
}

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
}

export function loadDashboard(): Dashboard {
  return JSON.parse(
    readFileSync(new URL('../../manifests/monitoring/dashboard.json', import.meta.url), 'utf8'),
  );
}
