// foreign_test.mjs WRITER ARPASWEEP DIRECTORY: what WRITER makes of CSV files of the matrix in DIRECTORY, `ARPASWEEP
// convert` reads, and gives the same CSV back.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Differences } from './differences.mjs';
import { matrixIn } from './matrix_files.mjs';
import { WRITERS } from './write_foreign.mjs';

// Of those whose values `convert` takes.
const CASES = ['rows_0', 'nulls_1', 'nulls_20481', 'results_129', 'results_20481', 'groups_and_checkpoints'];

// `convert` sorts by address; the matrix has its rows in another order.
function linesOf(csv) {
  const [header, ...rows] = fs.readFileSync(csv, 'latin1').split('\r\n');
  return [header, ...rows.sort()];
}

function compareText(where, wantedCsv, foundCsv, differences) {
  const wanted = linesOf(wantedCsv);
  const found = linesOf(foundCsv);
  if (wanted.length !== found.length) {
    differences.add({ where, wanted: `${wanted.length} lines`, found: `${found.length} lines` });
  }
  wanted.forEach((line, i) => {
    if (line !== found[i]) differences.add({ where, wanted: line, found: found[i] });
  });
}

const [writer, arpasweep, directory] = process.argv.slice(2);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'arpasweep-foreign-'));
let wrong = 0;
let files = 0;
try {
  for (const { name, csv } of matrixIn(directory).cases.filter((made) => CASES.includes(made.name))) {
    const place = path.join(scratch, name);
    fs.mkdirSync(place);
    for (const parquet of await WRITERS[writer](csv, place)) {
      const where = `${name}, ${path.basename(parquet)}`;
      const differences = new Differences();
      const back = `${parquet}.csv`;
      ++files;
      try {
        const fields = fs.readFileSync(csv, 'latin1').split('\r\n', 1);
        execFileSync(arpasweep, ['convert', parquet, '-o', back, '--fields', ...fields], { stdio: 'pipe' });
        compareText(where, csv, back, differences);
      } catch (error) {
        differences.add({ where, wanted: 'a file that is converted', found: String(error.message) });
      }
      if (differences.count === 0) continue;
      ++wrong;
      console.log(String(differences));
    }
    fs.rmSync(place, { recursive: true });
  }
} finally {
  fs.rmSync(scratch, { recursive: true });
}
if (files === 0) throw new Error('there are no files');
console.log(`${files - wrong} of ${files} files come back as they were`);
process.exitCode = wrong === 0 ? 0 : 1;
