import type { RoutedRequest } from "../endpoint.ts";

/** A parameter of a request that Facebook takes in the query as well as in a form; undefined when it is not there. */
export function parameterOf({ query, form }: RoutedRequest, name: string): string | undefined {
  return query.get(name) ?? form.get(name) ?? undefined;
}
