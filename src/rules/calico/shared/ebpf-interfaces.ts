import { re2Matches } from '../../../formats/re2.ts';

/** The default of bpfDataIfacePattern (Calico 3.33; older releases lack bond). */
const STANDARD = '^((en|wl|ww|sl|ib)[Popsx].*|(eth|wlan|wwan|bond).*)';
/** The same without the interfaces of accelerated networking, as provider-azure of Gardener has it. */
export const WITHOUT_ACCELERATED = '^((en|wl|ww|sl|ib)[opsx].*|(eth|wlan|wwan|bond).*)';
/** Names that Azure's accelerated networking gives the interface below eth0. */
const ACCELERATED: readonly string[] = ['enP1s1', 'enP53091s1np0', 'enP1p1s0f1'];

/** Whether eBPF programs would be attached to the interfaces of Azure's accelerated networking. */
export function matchesAccelerated(pattern: string | undefined): boolean {
  return ACCELERATED.some((name) => re2Matches(pattern ?? STANDARD, name) === true);
}
