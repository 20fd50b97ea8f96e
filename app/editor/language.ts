/** YAML, with the expressions in it read as Python. */
import { yamlLanguage } from '@codemirror/lang-yaml';
import { LanguageSupport } from '@codemirror/language';
import { type Input, parseMixed, type SyntaxNode } from '@lezer/common';
import { parser as python } from '@lezer/python';

const SECTIONS = new Set(['define', 'select']);
const EXPRESSIONS = new Set(['value', 'weight', 'select', 'per', 'cut']);

/** Whether a scalar stands where the document has an expression: by the keys above it. */
function isExpression(node: SyntaxNode, input: Input): boolean {
  const keys: string[] = [];
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.name !== 'Pair') continue;
    const key = at.getChild('Key');
    if (key) keys.push(input.read(key.from, key.to).replace(/^["']|["']$/g, ''));
  }
  const [own, ...above] = keys;
  if (own === undefined) return false;
  if (above.length === 0) return own === 'weight';
  if (above.length === 1 && SECTIONS.has(above[0]!)) return true;
  return EXPRESSIONS.has(own) && (above.includes('histograms') || above.includes('select'));
}

const mixed = yamlLanguage.configure({
  wrap: parseMixed((node, input) => {
    if (node.name !== 'Literal' && node.name !== 'QuotedLiteral') return null;
    if (node.node.parent?.name === 'Key' || !isExpression(node.node, input)) return null;
    const quoted = node.name === 'QuotedLiteral' ? 1 : 0;
    return node.to - node.from > 2 * quoted
      ? { parser: python, overlay: [{ from: node.from + quoted, to: node.to - quoted }] }
      : null;
  }),
});

/** The language of the editor. */
export const documentLanguage = new LanguageSupport(mixed);
