/** Links to catalogues: `#catalogue=ADDRESS&task=pick&…`. What stands behind the task is the task's own. */

/** What the hash of a link says. */
export interface CataloguePlace {
  /** Of the catalogue's folder or manifest, as the person wrote it. */
  address: string;
  task: string;
  parameters: Readonly<Record<string, string>>;
}

const MARK = '#catalogue=';
/** Shown where a link names none. */
const FIRST_TASK = 'discover';

/** Whether the hash of the page's address opens a catalogue. */
export function isCatalogueHash(hash: string): boolean {
  return hash.startsWith(MARK);
}

/** The hash that opens a catalogue, for what a person gives as an address: its folder with a slash behind, its manifest, or a link; else undefined. */
export function catalogueHashOf(text: string): string | undefined {
  const given = text.trim();
  const at = given.indexOf(MARK);
  if (at >= 0) return given.slice(at);
  const path = given.replace(/[?#].*$/s, '');
  return /[^/:]\/$|(^|\/)manifest\.json$/.test(path) ? MARK + escaped(given) : undefined;
}

export function parsePlace(hash: string): CataloguePlace {
  const { catalogue = '', task = FIRST_TASK, ...parameters } = Object.fromEntries(new URLSearchParams(hash.slice(1)));
  return { address: catalogue, task, parameters };
}

export function formatPlace({ address, task, parameters }: CataloguePlace): string {
  const rest = Object.entries({ task, ...parameters });
  return MARK + escaped(address) + rest.map(([name, value]) => `&${escaped(name)}=${escaped(value)}`).join('');
}

/** As little as a link needs: addresses stay readable. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/%(?:2F|3A|2C|40|3B|7C)/g, decodeURIComponent);
}
