/** From an SVG element to a file. */

import regular from 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf?url';
import bold from 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf?url';
import oblique from 'dejavu-fonts-ttf/ttf/DejaVuSans-Oblique.ttf?url';

export type FigureFormat = 'pdf' | 'svg' | 'png';

/** Family of the letters in PDF files, which carry them along: any name of a quantity can be written with these. */
export const PDF_FONT = 'DejaVu Sans';
const FACES = [
  { url: regular, weight: 'normal', style: 'normal' },
  { url: bold, weight: 'bold', style: 'normal' },
  { url: oblique, weight: 'normal', style: 'italic' },
] as const;

let faces: Promise<Uint8Array<ArrayBuffer>[]> | undefined;

/** Loads the letters of PDF files and gives them to the page, which measures with them where they go. */
export function loadPdfFont(): Promise<Uint8Array<ArrayBuffer>[]> {
  faces ??= Promise.all(
    FACES.map(async ({ url, weight, style }) => {
      const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
      document.fonts.add(await new FontFace(PDF_FONT, bytes, { weight, style }).load());
      return bytes;
    }),
  );
  faces.catch(() => {
    faces = undefined;
  });
  return faces;
}

/** The file of a picture of so many px; PNG at four times as many. */
export async function fileOf(svg: SVGSVGElement, format: FigureFormat): Promise<Blob> {
  const size = { width: Number(svg.getAttribute('width')), height: Number(svg.getAttribute('height')) };
  if (format === 'pdf') return pdfOf(svg, size);
  const text = new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' });
  return format === 'svg' ? text : pngOf(text, size);
}

interface Size {
  width: number;
  height: number;
}

async function pdfOf(svg: SVGSVGElement, size: Size): Promise<Blob> {
  const [{ jsPDF }, { svg2pdf }, bytes] = await Promise.all([import('jspdf'), import('svg2pdf.js'), loadPdfFont()]);
  // 96 px are an inch, 72 pt are too.
  const [width, height] = [size.width * 0.75, size.height * 0.75];
  const pdf = new jsPDF({
    unit: 'pt',
    format: [width, height],
    orientation: width > height ? 'landscape' : 'portrait',
    compress: true,
  });
  FACES.forEach(({ weight, style }, i) => {
    const file = `${PDF_FONT} ${weight} ${style}.ttf`;
    pdf.addFileToVFS(file, base64(bytes[i]!));
    pdf.addFont(file, PDF_FONT, style, weight);
  });
  await svg2pdf(svg, pdf, { x: 0, y: 0, width, height });
  return pdf.output('blob');
}

async function pngOf(svg: Blob, { width, height }: Size): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = 4 * width;
    canvas.height = 4 * height;
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large for this browser'))));
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
