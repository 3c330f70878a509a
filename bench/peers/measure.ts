import { FAMILIES } from "./families.js";
import type { FamilyComparison, Results } from "./Results.js";

type Note = (text: string) => void;

/** Everything that is the same on every machine, under the rules of this process's fork. */
export async function measureGas(note: Note, chosen?: string): Promise<FamilyComparison[]> {
  const rows: FamilyComparison[] = [];
  for (const { name, compare } of FAMILIES) {
    if (compare === undefined || (chosen !== undefined && name !== chosen)) continue;
    const found = await compare();
    rows.push(...found.map((row) => ({ family: name, ...row })));
    note(`${name}: ${found.length} rows`);
  }
  return rows;
}

/** What takes long or is of this machine: times, and how figures grow. */
export async function measureRest(note: Note, chosen?: string): Promise<Pick<Results, "times" | "growth">> {
  const rest: Pick<Results, "times" | "growth"> = { times: [], growth: [] };
  for (const { name, time, grow } of FAMILIES) {
    if (chosen !== undefined && name !== chosen) continue;
    if (time !== undefined) rest.times.push(...(await time()).map((row) => ({ family: name, ...row })));
    if (grow !== undefined) rest.growth.push(...(await grow()).map((growth) => ({ family: name, ...growth })));
    note(`${name}: times and growth`);
  }
  return rest;
}
