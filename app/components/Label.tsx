import { labelParts } from '../plots/labels.ts';

/** A label with its subscripts. */
export function Label({ text }: { text: string }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no identity but their places
  return labelParts(text).map((part, i) => (part.sub ? <sub key={i}>{part.text}</sub> : part.text));
}
