// What the matrix writer left in a directory.
import fs from 'node:fs';
import path from 'node:path';

export function matrixIn(directory) {
  const manifest = JSON.parse(fs.readFileSync(path.join(directory, 'cases.json'), 'utf8'));
  const parquet = (name) => path.join(directory, `${name}.parquet`);
  const csv = (name) => path.join(directory, `${name}.csv`);
  return {
    cases: manifest.cases.map((made) => ({ ...made, parquet: parquet(made.name), csv: csv(made.name) })),
    // Each holds the rows of `csv`, but for one value.
    mutants: manifest.mutants.map((mutant) => ({
      ...mutant, parquet: parquet(mutant.name), csv: csv(manifest.mutants_of),
    })),
  };
}
