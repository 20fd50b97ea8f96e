import { LumiscopeError } from '../../core/errors.ts';
import { placeIn, refused, type Statement } from './statements.ts';

/** The name of a table that DuckDB did not find, in small letters. */
export function missingTable(message: string): string | undefined {
  return /^Catalog Error: Table with name (.+?) does not exist/.exec(plain(message))?.[1]?.toLowerCase();
}

/** DuckDB tells some errors as JSON. */
function plain(message: string): string {
  if (!message.startsWith('{"exception_type"')) return message;
  const { exception_type, exception_message } = JSON.parse(message) as Record<string, string>;
  return `${exception_type} Error: ${exception_message}`;
}

/**
 * What DuckDB said of a statement, with the place in the whole text.
 * @param linesBefore lines that were put before the statement when it was asked
 */
export function sqlError(message: string, whole: string, statement: Statement, linesBefore = 0): LumiscopeError {
  message = plain(message);
  if (/^TransactionContext Error: Cannot write to database/.test(message)) {
    return refused(statement.verb, whole, statement.span[0]);
  }
  const [, kind = '', rest = message] = /^([A-Z][A-Za-z ]*) Error: ([\s\S]*)$/.exec(message) ?? [];
  if (kind === 'Out of Memory') {
    return new LumiscopeError('limit', 'the query takes more memory than DuckDB may have here', {
      hint: 'ask for fewer rows or columns: aggregate, filter, or add LIMIT',
    });
  }
  const [said, ...more] = withoutLine(rest).split('\n');
  const at = positionOf(message, statement.text, linesBefore);
  const hint = hintOf(kind, message) || more.join('\n').trim();
  return new LumiscopeError('expression', lowerFirst(said!.trim()), {
    ...(hint && { hint }),
    place: at === undefined ? {} : placeIn(whole, statement.span[0] + at.at, at.length),
  });
}

function hintOf(kind: string, message: string): string {
  if (kind === 'Permission') return 'SQL here reads the tables of the list, no files and no addresses';
  const table = missingTable(message);
  if (table === 'events') return 'choose the data whose event records it is to have';
  return table ? 'the list of tables says what there is' : '';
}

function withoutLine(text: string): string {
  return text
    .replace(/\n*LINE \d+:[\s\S]*$/, '')
    .replace(
      /\n*Please try installing[\s\S]*$/,
      '\nextensions of DuckDB are not loaded here: they come from another host',
    )
    .trim();
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}

/** Where DuckDB's caret points, in characters of the statement. It shows a piece of a long line, with dots at its ends. */
function positionOf(
  message: string,
  statement: string,
  linesBefore: number,
): { at: number; length: number } | undefined {
  const [, number, shown, caret] = /LINE (\d+): (.*)\n( *)\^/.exec(message) ?? [];
  if (number === undefined) return undefined;
  const index = Number(number) - 1 - linesBefore;
  const lines = statement.split('\n');
  const line = lines[index];
  if (line === undefined) return undefined;
  const column = caret!.length - `LINE ${number}: `.length;
  const cut = shown!.startsWith('...') ? 3 : 0;
  const piece = shown!.slice(cut).replace(/\.\.\.$/, '');
  const from = Math.max(0, line.indexOf(piece));
  const at = lines.slice(0, index).reduce((sum, { length }) => sum + length + 1, 0) + from + column - cut;
  return { at, length: /^[\w"]+/.exec(statement.slice(at))?.[0].length ?? 1 };
}
