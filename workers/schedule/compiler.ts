import { canonicalJson } from '../../core/analysis/canonical.ts';
import { compileDocument, type TableSpec } from '../../core/analysis/compile.ts';
import type { AnalysisDocument, Dataset } from '../../core/analysis/document.ts';
import { fromPlain } from '../../core/errors.ts';
import type { Program } from '../../core/expr/typedForm.ts';
import type { Schema } from '../../core/schema/schema.ts';

/** A program under the name that workers know it by: the same key is the same program. */
export interface KeyedProgram {
  key: string;
  program: Program;
}

const KEPT = 64;

/** Compiles documents, and remembers the last ones, so that workers can keep their programs ready. */
export class Compiler {
  /** Least recently used first. */
  readonly #programs = new Map<string, KeyedProgram>();
  readonly #schemas = new WeakMap<Schema, number>();
  /** Of each document: a data set may have thousands of files. */
  readonly #texts = new WeakMap<AnalysisDocument, string>();
  #schemaCount = 0;
  #programCount = 0;

  /**
   * @param dataset which one of the document the files belong to
   * @param file named in errors, where it is not the first file
   * @param table what to note of each event that passes
   * @throws LumiscopeError the first error of the document against this schema
   */
  compile(
    document: AnalysisDocument,
    schema: Schema,
    dataset: Dataset,
    file?: string,
    table?: TableSpec,
  ): KeyedProgram {
    const noted = table ? JSON.stringify(table) : '';
    const id = `${this.#numberOf(schema)} ${dataset.lumis ?? ''} ${noted} ${this.#textOf(document)}`;
    const compiled = this.#programs.get(id) ?? this.#compile(document, schema, dataset, file, table);
    this.#programs.delete(id);
    this.#programs.set(id, compiled);
    for (const oldest of this.#programs.keys()) {
      if (this.#programs.size <= KEPT) break;
      this.#programs.delete(oldest);
    }
    return compiled;
  }

  #compile(
    document: AnalysisDocument,
    schema: Schema,
    dataset: Dataset,
    file: string | undefined,
    table: TableSpec | undefined,
  ): KeyedProgram {
    const { program, errors } = compileDocument(document, schema, dataset, table);
    const first = errors[0];
    if (first) throw fromPlain(file === undefined ? first : { ...first, place: { ...first.place, file } });
    return { key: String(this.#programCount++), program: program! };
  }

  #textOf(document: AnalysisDocument): string {
    const text = this.#texts.get(document) ?? canonicalJson({ ...document, datasets: [] });
    this.#texts.set(document, text);
    return text;
  }

  #numberOf(schema: Schema): number {
    const number = this.#schemas.get(schema) ?? this.#schemaCount++;
    this.#schemas.set(schema, number);
    return number;
  }
}
