/** What a heat map is drawn with: a canvas on the page, SVG for a file. Lengths in CSS pixels. */
export interface Pen {
  rect(x: number, y: number, width: number, height: number, colour: string): void;
  /** The edge of a rectangle, inside it. */
  frame(x: number, y: number, width: number, height: number, colour: string, line: number): void;
  text(text: string, x: number, y: number, look: TextLook): void;
  /** What `draw` draws shows only in this rectangle. */
  clip(x: number, y: number, width: number, height: number, draw: () => void): void;
}

export interface TextLook {
  size: number;
  colour: string;
  align: 'left' | 'center' | 'right';
  /** Runs upwards from (x, y) instead of to the right. */
  upwards?: boolean;
}

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export function canvasPen(context: CanvasRenderingContext2D): Pen {
  return {
    rect: (x, y, width, height, colour) => {
      context.fillStyle = colour;
      context.fillRect(x, y, width, height);
    },
    frame: (x, y, width, height, colour, line) => {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.strokeRect(x + line / 2, y + line / 2, width - line, height - line);
    },
    text: (text, x, y, { size, colour, align, upwards }) => {
      context.font = `${size}px ${FONT}`;
      context.fillStyle = colour;
      context.textAlign = align;
      context.textBaseline = 'middle';
      context.save();
      context.translate(x, y);
      if (upwards) context.rotate(-Math.PI / 2);
      context.fillText(text, 0, 0);
      context.restore();
    },
    clip: (x, y, width, height, draw) => {
      context.save();
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
      draw();
      context.restore();
    },
  };
}

/** Collects SVG elements; nothing is clipped, since a file shows everything. */
export function svgPen(): Pen & { svg(width: number, height: number, background: string): string } {
  const elements: string[] = [];
  const anchors = { left: 'start', center: 'middle', right: 'end' };
  return {
    rect: (x, y, width, height, colour) => {
      elements.push(`<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${colour}"/>`);
    },
    frame: (x, y, width, height, colour, line) => {
      const [w, h] = [width - line, height - line];
      elements.push(
        `<rect x="${x + line / 2}" y="${y + line / 2}" width="${w}" height="${h}" fill="none" stroke="${colour}" stroke-width="${line}"/>`,
      );
    },
    text: (text, x, y, { size, colour, align, upwards }) => {
      const turn = upwards ? ` transform="rotate(-90 ${x} ${y})"` : '';
      elements.push(
        `<text x="${x}" y="${y}" font-size="${size}" fill="${colour}" text-anchor="${anchors[align]}" dominant-baseline="central"${turn}>${escaped(text)}</text>`,
      );
    },
    clip: (_x, _y, _width, _height, draw) => draw(),
    svg: (width, height, background) =>
      [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family='${FONT}'>`,
        `<rect width="${width}" height="${height}" fill="${background}"/>`,
        ...elements,
        '</svg>\n',
      ].join('\n'),
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
