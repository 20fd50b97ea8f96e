import { type Level, LISTS_OF_LEVEL, type ListName } from './menu.ts';
import { type Bits, parseHltMask, parseL1Mask } from './triggerMask.ts';

/** The level that the text of a mask is likely to be of: only level 1 has no semicolons. */
export function likelyLevel(text: string): Level {
  return text.includes(';') ? 2 : 1;
}

/** The lists of a mask of some level. @throws LumiscopeError `document`, as `parseL1Mask` and `parseHltMask` */
export function maskLists(text: string, level: Level): Partial<Record<ListName, Bits>> {
  if (level === 1) return parseL1Mask(text);
  const { ph, pt, rs } = parseHltMask(text);
  const [physics, through, resurrected] = LISTS_OF_LEVEL[level];
  return { [physics]: ph, [through]: pt, [resurrected]: rs };
}
