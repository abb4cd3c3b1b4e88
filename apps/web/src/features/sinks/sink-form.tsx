import { useState } from "react";

import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { TextField } from "../../components/text-field.tsx";
import type { ApiError, SinkSettings } from "../../lib/trpc.ts";
import { useFocusOnArrival } from "../../lib/use-focus-on-arrival.ts";
import { FIELDS, fieldProblem, hasFormat, settingsOf, type FormKind } from "./sink-fields.ts";

type Props = {
  kind: FormKind;
  /** What it is called to begin with. */
  name: string;
  /** A place that is there: nothing of what it was told comes back, and it stays unless it is told anew. */
  isThere?: boolean;
  isBusy: boolean;
  error: ApiError | null;
  submitWords: string;
  onSubmit: (input: { name: string; settings: SinkSettings | null }) => void;
  onCancel: () => void;
};

/** What a place is told. The lines live in their fields alone: secrets may be in them. */
export function SinkForm({
  kind,
  name,
  isThere = false,
  isBusy,
  error,
  submitWords,
  onSubmit,
  onCancel,
}: Props) {
  const form = useFocusOnArrival<HTMLFormElement>(isThere ? "input" : null);
  const [isToldAnew, setIsToldAnew] = useState(!isThere);
  const [format, setFormat] = useState<"json" | "token">("json");
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const fields = isToldAnew ? FIELDS[kind] : [];

  const submit = (): void => {
    const data = new FormData(form.current ?? undefined);
    const text = (field: string): string => {
      const value = data.get(field);
      return typeof value === "string" ? value : "";
    };
    const found: Record<string, string> = {};
    if (text("sink-name").trim() === "") found["sink-name"] = "Give it a name by which you know it again.";
    for (const field of fields) {
      const problem = fieldProblem(kind, field, text(field.name));
      if (problem !== null) found[field.name] = problem;
    }
    setProblems(found);
    const [first] = Object.keys(found);
    if (first !== undefined)
      return form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
    onSubmit({
      name: text("sink-name").trim(),
      settings: isToldAnew ? settingsOf(kind, text, format) : null,
    });
  };

  return (
    <form
      ref={form}
      autoComplete="off"
      noValidate
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) submit();
      }}
    >
      <TextField
        name="sink-name"
        label="Name"
        defaultValue={name}
        maxLength={80}
        problem={problems["sink-name"] ?? null}
      />
      {isThere && (
        <Choice
          legend="Where it is"
          options={[
            { value: "same", label: "Stays as it is" },
            { value: "anew", label: "Set up anew" },
          ]}
          value={isToldAnew ? "anew" : "same"}
          onChange={(value) => setIsToldAnew(value === "anew")}
        />
      )}
      {fields.map(({ name: fieldName, label, hint, isSecret = false, isOptional = false }) => (
        <TextField
          key={fieldName}
          name={fieldName}
          label={isOptional ? `${label} (optional)` : label}
          hint={hint}
          type={isSecret ? "password" : "text"}
          {...(isSecret ? { autoComplete: "new-password" } : {})}
          isCode
          problem={problems[fieldName] ?? null}
        />
      ))}
      {isToldAnew && hasFormat(kind) && (
        <Choice
          legend="What is written"
          options={[
            { value: "json", label: "JSON, with end and account" },
            { value: "token", label: "The bare token" },
          ]}
          value={format}
          onChange={setFormat}
        />
      )}
      {isThere && (
        <p className="text-caption text-soft">
          What was set up is never shown again, its secrets least of all. Saving delivers the present token.
        </p>
      )}
      <ActionProblem error={error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="primary" isBusy={isBusy}>
          {submitWords}
        </Button>
        <Button tone="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
