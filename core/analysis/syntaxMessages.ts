import type { YAMLError } from 'yaml';

/** What is wrong, and what to do about it. */
export interface Complaint {
  message: string;
  hint?: string;
}

const QUOTES = 'put the whole value in quotes';
const FLOW_QUOTES = 'within { } and [ ] an expression with brackets or commas needs quotes: { value: "good[0].pt", … }';

/** By the start of the YAML parser's message. The first that fits counts; what none fits stays in the parser's words. */
const COMPLAINTS: [pattern: RegExp, complaint: Complaint][] = [
  [/^Map keys must be unique/, { message: 'a key is there twice' }],
  [/^Maximum call stack/, { message: 'the document is nested too deeply' }],
  [
    /^(Nested mappings are not allowed in compact|Implicit keys need to be on a single line)/,
    {
      message: 'a colon where a value stands',
      hint: 'if it belongs to the value, put the value in quotes; if it starts an entry, check the indentation of its line',
    },
  ],
  [
    /^(Implicit map keys need|Implicit keys of flow)/,
    { message: 'a line without a colon', hint: 'write name: value, with a space after the colon' },
  ],
  [/^Tabs are not allowed/, { message: 'a tab where the indentation stands', hint: 'indent with spaces' }],
  [
    /^All (mapping|sequence) items must start/,
    {
      message: 'this line is indented by another depth than those it belongs with',
      hint: 'entries of one level start at the same column',
    },
  ],
  [/^Flow map in block.* end with a \}/, { message: 'a { is not closed', hint: 'close it with }' }],
  [/^Flow sequence in block.* end with a \]/, { message: 'a [ is not closed', hint: 'close it with ]' }],
  [/^(Flow map|Expected flow map) /, { message: 'a { is not closed', hint: 'close it with }' }],
  [/^(Flow sequence|Expected flow sequence) /, { message: 'a [ is not closed', hint: 'close it with ]' }],
  [/^Missing closing ["']/, { message: 'a quote is not closed' }],
  [/^Missing ,/, { message: 'a comma is missing' }],
  [
    /^Unexpected (flow-seq-start|flow-map-start) at node end/,
    { message: 'a bracket after a value', hint: FLOW_QUOTES },
  ],
  [/^Unexpected .* at node end/, { message: 'text after the end of a value', hint: QUOTES }],
  [
    /^Unexpected (flow-map-end|flow-seq-end)/,
    { message: 'a closing bracket too many', hint: 'take it away, or open one before it' },
  ],
  [/^Unexpected block-seq-ind/, { message: 'a dash where no list is' }],
  [
    /^(Unexpected|Block collections are not allowed within flow)/,
    { message: 'text at an unexpected place', hint: FLOW_QUOTES },
  ],
  [/^Plain value cannot start/, { message: 'a value must not start with this character', hint: QUOTES }],
  [/^Unresolved tag/, { message: 'a value must not start with !', hint: `${QUOTES}; “not” is written not or ~` }],
  [
    /^(Not a YAML token|Block scalar header)/,
    { message: 'text after > or |, which start a text of several lines', hint: QUOTES },
  ],
  [/^Comments must be separated/, { message: 'a # without a space before it', hint: 'write a space before a comment' }],
  [
    /^Invalid escape sequence/,
    { message: 'a backslash in double quotes', hint: 'use single quotes, or write it twice' },
  ],
];

/** The parser's complaint for people who don't know YAML's words. */
export function syntaxComplaint({ message }: Pick<YAMLError, 'message'>): Complaint {
  const found = COMPLAINTS.find(([pattern]) => pattern.test(message));
  return found?.[1] ?? { message: message.charAt(0).toLowerCase() + message.slice(1) };
}

/** The first complaint of each line: those behind it come of the same slip. */
export function firstOfEachLine<T extends { place: { line?: number } }>(errors: readonly T[]): T[] {
  const seen = new Set<number | undefined>();
  return errors.filter(({ place: { line } }) => !seen.has(line) && seen.add(line));
}
