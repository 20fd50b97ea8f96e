import type { SyntaxNode } from '@lezer/common';
import { expressionError } from './error.ts';

/** A string, whole or never closed. */
const STRING = /"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/;
const PARTS = new RegExp(`(${STRING.source})|(?<![\\w.])(\\d[\\d_]*)\\.(?!\\d)|#[^\\n]*|\\\\\\r?\\n|[\\r\\n\\t]`, 'g');

/**
 * Line breaks mean nothing in an expression, while in Python's grammar they end a statement: they become spaces,
 * and so do comments. The length stays, so that spans hold.
 */
export function onOneLine(text: string): string {
  return text.replace(PARTS, (whole, string?: string, digits?: string) => {
    // Lezer's numbers don't end in a point, as Python's `2.` may: it sees `2_`, and the number is read from the text.
    return string ?? (digits ? `${digits}_` : ' '.repeat(whole.length));
  });
}

const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

/**
 * Finds what a parser words badly: strings and brackets that are never closed, brackets within too many brackets.
 * @throws LumiscopeError `expression` at the place
 */
export function rejectBrackets(source: string, maxDepth: number): void {
  const open: { bracket: string; at: number }[] = [];
  const tokens = new RegExp(`${STRING.source}|["'()[\\]{}]`, 'g');
  for (const { 0: token, index: at } of source.matchAll(tokens)) {
    if (token === '"' || token === "'") throw expressionError('the string is never closed', [at, source.length]);
    if (token in CLOSING) open.push({ bracket: token, at });
    else if (token.length === 1) {
      const last = open.pop();
      if (!last) throw expressionError(`\`${token}\` closes nothing`, [at, at + 1]);
      if (CLOSING[last.bracket] !== token)
        throw expressionError(`\`${token}\` where \`${CLOSING[last.bracket]}\` is expected`, [at, at + 1]);
    }
    if (open.length > maxDepth) throw expressionError('the expression is nested too deeply', [at, at + 1]);
  }
  const last = open.pop();
  if (last) throw expressionError(`\`${last.bracket}\` is never closed`, [last.at, last.at + 1]);
}

/** What other languages write where Python has words, by the characters at the place. */
const FOREIGN: readonly [RegExp, string][] = [
  [/^&&/, 'write `and`, or `&` between parentheses'],
  [/^\|\|/, 'write `or`, or `|` between parentheses'],
  [/^!(?!=)/, 'write `not`'],
  [/^\?/, 'write `a if condition else b`'],
  [/^===/, 'write `==`'],
  [/^for\b/, 'put a comprehension into square brackets: [… for x in …]'],
];

/** @throws LumiscopeError `expression` at the first place that the grammar refuses */
export function rejectSyntaxErrors(top: SyntaxNode, source: string): void {
  const cursor = top.cursor();
  do {
    if (!cursor.type.isError) continue;
    const { from } = cursor;
    const rest = source.slice(from);
    const skipped = rest.search(/\S/);
    if (skipped < 0) {
      const end = source.trimEnd().length;
      throw expressionError('the expression ends too early', [end - 1, source.length]);
    }
    const at = from + skipped;
    const found = source.slice(at, cursor.to).trim() || (/^(\w+|.)/u.exec(source.slice(at))?.[1] as string);
    const before = Math.max(0, at - 2);
    const foreign = FOREIGN.find(([pattern]) =>
      [at, at - 1, before].some((k) => k >= 0 && pattern.test(source.slice(k))),
    );
    throw expressionError(`unexpected \`${found}\``, [at, at + found.length], foreign?.[1]);
  } while (cursor.next());
}
