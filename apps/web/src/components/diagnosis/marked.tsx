/** A sentence with what stands between backticks set as code: commands, and names to type. */
export function Marked({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={`${index} ${part}`} className="rounded-small bg-sunken px-1 font-mono text-caption">
        {part}
      </code>
    ),
  );
}
