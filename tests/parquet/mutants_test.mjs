// mutants_test.mjs READER DIRECTORY: each file that differs from its CSV in one value is found to do so, there and
// nowhere else: so a difference would be seen in the files of the matrix.
import { compareFile } from './compare.mjs';
import { Differences } from './differences.mjs';
import { matrixIn } from './matrix_files.mjs';
import { readerNamed } from './readers.mjs';

const [name, directory] = process.argv.slice(2);
const reader = await readerNamed(name);
const { mutants } = matrixIn(directory);
let missed = 0;
for (const { name: where, column, address, parquet, csv } of mutants) {
  const differences = new Differences();
  await compareFile({ reader, where, parquet, csv, facts: [], differences });
  const [first] = differences.first;
  // A changed address is one that the CSV does not have.
  const seen = column === 'address' ? `${address}x` === first?.found : first?.address === address;
  if (differences.count === 1 && first.column === column && seen) continue;
  ++missed;
  console.log(`${where}: ${column} of ${address} differs, but that is what was found:\n${differences}`);
}
if (mutants.length === 0) throw new Error('there are no mutants');
console.log(`${mutants.length - missed} of ${mutants.length} mutants were found`);
process.exitCode = missed === 0 ? 0 : 1;
