/** Collections in C++ type names. */

export interface CppType {
  /** Without `std::`, `const` and spaces that don't matter: `vector`, `unsigned int`, `TLorentzVector`. */
  name: string;
  /** Of a template; what has a default (allocators, comparisons) is left out of a list's. */
  arguments: CppType[];
}

const LISTS = new Set([
  'vector',
  'RVec',
  'VecOps::RVec',
  'ROOT::VecOps::RVec',
  'list',
  'deque',
  'set',
  'multiset',
  'unordered_set',
]);

/** The type of a list's items; undefined where it is no list. Lists are all stored in one way. */
export function itemType({ name, arguments: [first] }: CppType): CppType | undefined {
  return LISTS.has(name) ? first : undefined;
}

export function isText({ name }: CppType): boolean {
  return name === 'string' || name === 'TString' || name === 'basic_string';
}

/** Takes a name apart: `std::vector<vector<float> >`. */
export function parseCppType(text: string): CppType {
  const open = text.indexOf('<');
  const close = text.lastIndexOf('>');
  if (open < 0 || close < open) return { name: bare(text), arguments: [] };
  const inside = text.slice(open + 1, close);
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= inside.length; at++) {
    const letter = inside[at];
    if (letter === '<') depth++;
    else if (letter === '>') depth--;
    else if (at === inside.length || (letter === ',' && depth === 0)) {
      parts.push(inside.slice(from, at));
      from = at + 1;
    }
  }
  return { name: bare(text.slice(0, open)), arguments: parts.map(parseCppType) };
}

function bare(text: string): string {
  return text
    .replace(/\bstd::|\bconst\b/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
