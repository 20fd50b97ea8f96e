/** Types of values in WGSL: `Num` is the struct of `numbers/`. */
export type WgslType = 'bool' | 'u32' | 'i32' | 'f32' | 'Num';

/** Why code can't be made: caught where a program is lowered, and told as a refusal. */
export class NotLowered extends Error {}

/** WGSL allows braces 127 deep. */
const MAX_DEPTH = 100;
/** A function of that many lines takes a driver seconds to compile. */
const MAX_LINES = 6000;

/** Text of one WGSL function as it is written: statements, names for values, nested blocks. */
export class Code {
  private readonly lines: string[] = [];
  private depth = 1;
  private names = 0;

  /** @throws NotLowered where the text gets too long, or too deep */
  line(text: string): void {
    if (this.lines.length >= MAX_LINES) throw new NotLowered('the code of the document is too long for a GPU');
    this.lines.push(`${'  '.repeat(this.depth)}${text}`);
  }

  /** A name that holds the expression's value from here on. */
  hold(expression: string): string {
    const name = this.newName();
    this.line(`let ${name} = ${expression};`);
    return name;
  }

  /** A variable. Zero is said outright: within loops, not all compilers set one anew that has no value. */
  variable(type: WgslType, value = `${type}()`): string {
    const name = this.newName();
    this.line(`var ${name} = ${value};`);
    return name;
  }

  newName(): string {
    this.names += 1;
    return `v${this.names}`;
  }

  /** `head { … }`, and `else { … }`; braces alone where the head is empty. */
  block(head: string, body: () => void, otherwise?: () => void): void {
    this.line(head ? `${head} {` : '{');
    this.nested(body);
    if (otherwise) {
      this.line('} else {');
      this.nested(otherwise);
    }
    this.line('}');
  }

  private nested(body: () => void): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH)
      throw new NotLowered('loops and conditions of the document lie too deep in one another');
    body();
    this.depth -= 1;
  }

  get text(): string {
    return this.lines.join('\n');
  }
}
