/** Hosts of catalogues and relays that the person agreed to: in this visit, or for later ones too. */
import { rememberedHosts, rememberHosts } from '../store/remembered.ts';

const agreed = new Set<string>();

export function isAgreed(host: string): boolean {
  return agreed.has(host) || rememberedHosts().includes(host);
}

export function agreeTo(host: string, remember: boolean): void {
  agreed.add(host);
  if (remember) rememberHosts([host]);
}
