/** The same columns but for some. */
export function without<Columns extends object, Name extends keyof Columns & string>(
  columns: Columns,
  ...names: Name[]
): Omit<Columns, Name> {
  const kept = Object.entries(columns).filter(([key]) => !names.some((name) => name === key));
  return Object.fromEntries(kept) as Omit<Columns, Name>;
}
