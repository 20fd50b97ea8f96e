/**
 * The read-only view by its address, as docs/embedding.md promises it: `?view=present`, with `theme=light|dark` and
 * `doc=URL`, in front of the hash.
 */

/** How an analysis is presented. */
export interface Presentation {
  /** Else the reader's system decides. */
  theme?: 'light' | 'dark';
}

/** What the address asks for; undefined where it opens the explorer. */
export function presentationOf(search: string): Presentation | undefined {
  const parameters = new URLSearchParams(search);
  if (parameters.get('view') !== 'present') return undefined;
  const theme = parameters.get('theme');
  return theme === 'light' || theme === 'dark' ? { theme } : {};
}

/** The part of an address that says so, for links to the same view; empty for the explorer. */
export function presentationSearch(presentation: Presentation | undefined): string {
  if (!presentation) return '';
  return `?view=present${presentation.theme ? `&theme=${presentation.theme}` : ''}`;
}

/** An address for a page that frames an analysis. `link`: `#a=…`. */
export function presentAddress(base: string, link: string): string {
  return base + presentationSearch({}) + link;
}

/** HTML that frames an analysis. Its title is what screen readers announce. */
export function iframeCode(base: string, link: string, title: string): string {
  const safe = title.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<iframe src="${presentAddress(base, link).replaceAll('&', '&amp;')}" title="${safe}" width="100%" height="640" loading="lazy" style="border: 0"></iframe>`;
}
