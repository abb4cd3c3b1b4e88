/**
 * Writes one object as JSON again and again, of which only some values change: the rest is turned into text once. What
 * it writes is what `JSON.stringify` would.
 */
export function createJsonTemplate<Shape extends Record<string, unknown>, Name extends keyof Shape & string>(
  shape: Shape,
  changing: readonly Name[],
): (values: Pick<Shape, Name>) => string {
  const slots: { before: string; name: Name }[] = [];
  let text = "{";
  for (const [index, [key, value]] of Object.entries(shape).entries()) {
    text += `${index === 0 ? "" : ","}${JSON.stringify(key)}:`;
    const name = changing.find((candidate) => candidate === key);
    if (name === undefined) text += JSON.stringify(value);
    else {
      slots.push({ before: text, name });
      text = "";
    }
  }
  const end = `${text}}`;
  return (values) => {
    let written = "";
    for (const { before, name } of slots) written += before + JSON.stringify(values[name]);
    return written + end;
  };
}
