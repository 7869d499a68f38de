// matrix_test.mjs READER DIRECTORY: what READER finds in every file of the matrix in DIRECTORY is what the CSV says.
import { compareFile } from './compare.mjs';
import { Differences } from './differences.mjs';
import { matrixIn } from './matrix_files.mjs';
import { readerNamed } from './readers.mjs';

const [name, directory] = process.argv.slice(2);
const reader = await readerNamed(name);
const { cases } = matrixIn(directory);
let wrong = 0;
for (const { name: where, parquet, csv, facts } of cases) {
  const begin = Date.now();
  const differences = new Differences();
  try {
    await compareFile({ reader, where, parquet, csv, facts, differences });
  } catch (error) {
    differences.add({ where, wanted: 'a file that can be read', found: String(error) });
  }
  console.log(`${where}: ${differences.count} differences, ${Date.now() - begin} ms`);
  if (differences.count > 0) {
    ++wrong;
    console.log(String(differences));
  }
}
if (cases.length === 0) throw new Error('there are no cases');
console.log(`${cases.length - wrong} of ${cases.length} files are as the CSV says`);
process.exitCode = wrong === 0 ? 0 : 1;
