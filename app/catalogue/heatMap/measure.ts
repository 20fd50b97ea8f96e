import { FONT } from './pen.ts';

let context: CanvasRenderingContext2D | undefined;

/** Width of a text of 12 px. */
export function measure12(text: string): number {
  if (!context) {
    context = document.createElement('canvas').getContext('2d')!;
    context.font = `12px ${FONT}`;
  }
  return context.measureText(text).width;
}
