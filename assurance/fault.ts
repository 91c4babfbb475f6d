/** A fault that is planted on purpose: where `find` stands, exactly once, `put` stands instead; these tests are to notice. */
export interface Fault {
  /** What somebody could have done, in a few words. */
  readonly name: string;
  /** From the root of the project. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
  /** Test files, or beginnings of their names, from the root of the project. */
  readonly tests: readonly string[];
}

/** The source with the fault in it. @throws Error when the place is not there, or there more than once */
export function plantFault(source: string, { name, file, find, put }: Fault): string {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`${name}: ${file} has ${places} places where it could stand`);
  return source.replace(find, () => put);
}
