import type { NamedHistogram } from './datasets.ts';
import { toUhiFileJson } from './uhi.ts';

/**
 * A Python script that holds histograms and makes them `hist.Hist`: `python -i histograms.py`, or
 * `from histograms import histograms`.
 */
export function toPython(histograms: readonly NamedHistogram[]): string {
  return `"""Histograms made by Lumiscope, as \`hist.Hist\` by their names: \`histograms["${plain(histograms[0]?.name ?? '')}"]\`.

pip install hist uhi
"""

import json

import hist
import uhi.io
import uhi.io.json

# The UHI serialisation of the histograms.
CONTENTS = r"""
${toUhiFileJson(histograms)}
"""

histograms = {
    name: hist.Hist(uhi.io.from_sparse(contents))
    for name, contents in json.loads(CONTENTS, object_hook=uhi.io.json.object_hook).items()
}

if __name__ == "__main__":
    for name, histogram in histograms.items():
        print(name, histogram, sep="\\n")
`;
}

/** A name within a docstring. */
function plain(name: string): string {
  return name.replace(/[\\"]/g, "'");
}
