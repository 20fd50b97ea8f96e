/**
 * Titles of ROOT as they read here: TLatex's commands as Unicode (class TLatex of ROOT's reference manual), subscripts as `_{…}`, which labels
 * know. A command that has no equal stays as it is written.
 */

const GREEK =
  'alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ omicron ο pi π rho ρ sigma σ tau τ ' +
  'upsilon υ phi φ chi χ psi ψ omega ω Alpha Α Beta Β Gamma Γ Delta Δ Epsilon Ε Zeta Ζ Eta Η Theta Θ Iota Ι Kappa Κ Lambda Λ Mu Μ Nu Ν Xi Ξ ' +
  'Omicron Ο Pi Π Rho Ρ Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ Psi Ψ Omega Ω varepsilon ε vartheta ϑ varphi ϕ varsigma ς varUpsilon ϒ varomega ϖ';
const SIGNS =
  'pm ± mp ∓ times × divide ÷ cdot · leq ≤ geq ≥ neq ≠ equiv ≡ approx ≈ sim ∼ propto ∝ infty ∞ infinity ∞ rightarrow → leftarrow ← ' +
  'leftrightarrow ↔ Rightarrow ⇒ to → sum Σ prod Π int ∫ partial ∂ nabla ∇ hbar ħ ell ℓ Jpsi J/ψ circ ° deg ° ast ∗ bullet • in ∈ perp ⊥ ' +
  'parallel ∥ angle ∠ wedge ∧ vee ∨ cap ∩ cup ∪ subset ⊂ forall ∀ exists ∃ prime ′ LT < GT >';
const COMMANDS = new Map<string, string>();
for (const list of [GREEK, SIGNS]) {
  const words = list.split(' ');
  for (let i = 0; i + 1 < words.length; i += 2) COMMANDS.set(words[i]!, words[i + 1]!);
}
/** Longest first: commands need no space behind them, so that `#mumu` is `μmu`. */
const NAMES = [...COMMANDS.keys()].sort((a, b) => b.length - a.length).join('|');

/** Commands about the looks of their argument, which here has none. */
const STYLES = /#(?:it|bf|color|font|scale|kern|lower|mbox|text|rm|cal|sf)(?:\[[^\]]*\])?\{/;
/** Marks over a letter, which Unicode has too. */
const MARKS: Record<string, string> = {
  bar: '\u0304',
  hat: '\u0302',
  tilde: '\u0303',
  dot: '\u0307',
  ddot: '\u0308',
  vec: '\u20d7',
};
const RAISED = new Map([...'0123456789+-()n'].map((letter, i) => [letter, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ'][i]!]));

/** A title without TLatex. */
export function plainTitle(latex: string): string {
  let text = latex
    .replace(/\\?#splitline\{/g, '{')
    .replaceAll('#!', '')
    .replaceAll('#,', ' ');
  for (let found = STYLES.exec(text); found; found = STYLES.exec(text))
    text = replaceArguments(text, found.index, found[0].length - 1, 1, ([inner]) => inner!);
  text = withArguments(text, 'sqrt', 1, ([inner]) => (/^[^\s+\-−*/]+$/.test(inner!) ? `√${inner}` : `√(${inner})`));
  text = withArguments(text, 'frac', 2, ([over, under]) => `${inBrackets(over!)}/${inBrackets(under!)}`);
  for (const [name, mark] of Object.entries(MARKS))
    text = withArguments(text, name, 1, ([inner]) => ([...inner!].length === 1 ? inner! + mark : inner!));
  text = text.replace(new RegExp(`#(${NAMES})`, 'g'), (_, name: string) => COMMANDS.get(name)!);
  text = text.replace(/\^\{([^{}]*)\}|\^(\S)/g, (whole, inner?: string, letter?: string) => {
    const raised = [...(inner ?? letter ?? '')].map((one) => RAISED.get(one));
    return raised.every((one) => one !== undefined) ? raised.join('') : inner === undefined ? whole : `^${inner}`;
  });
  return text
    .replace(/(^|[^_])\{([^{}]*)\}/g, '$1$2')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What an axis shows and its unit: `p_{T} [GeV]`, `mass (MeV)`. Round brackets count where a unit is in them. */
export function axisWords(title: string): { label?: string; unit?: string } {
  const text = plainTitle(title);
  const [, label, square, round] = /^(.*?)\s*(?:\[([^\][]+)\]|\(([^()]+)\))$/.exec(text) ?? [];
  const unit = square ?? (round !== undefined && UNIT.test(round) ? round : undefined);
  if (unit === undefined) return text ? { label: text } : {};
  return { ...(label && { label }), unit };
}

const UNIT = /^([kMGTP]?eV(\/c[²2]?)?[²2]?|[kmcμunpf]?m|[mμunpf]?s|m?rad|deg|°|%|[fp]b|[kM]?Hz|[kM]?Gy|K|ADC|a\.u\.)$/;

/** Each `#name{…}` of so many arguments, replaced; inner ones first. */
function withArguments(text: string, name: string, count: number, make: (inner: string[]) => string): string {
  let now = text;
  for (let at = now.lastIndexOf(`#${name}{`); at >= 0; at = now.lastIndexOf(`#${name}{`)) {
    const next = replaceArguments(now, at, name.length + 1, count, make);
    now = next === now ? now.slice(0, at) + now.slice(at + 1) : next;
  }
  return now;
}

/** `make` of the arguments in braces that follow `skip` characters after `at`; without the braces where they are not closed. */
function replaceArguments(
  text: string,
  at: number,
  skip: number,
  count: number,
  make: (inner: string[]) => string,
): string {
  const inner: string[] = [];
  let end = at + skip;
  while (inner.length < count) {
    const close = text[end] === '{' ? closing(text, end) : -1;
    if (close < 0) return text.slice(0, at) + text.slice(at + skip);
    inner.push(text.slice(end + 1, close));
    end = close + 1;
  }
  return text.slice(0, at) + make(inner) + text.slice(end);
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}

function inBrackets(text: string): string {
  return /[\s+\-−]/.test(text.trim()) ? `(${text})` : text;
}
