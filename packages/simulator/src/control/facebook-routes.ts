import { readNewFacebookPage, readNewFacebookPerson, readTasks } from "../facebook/person-json.ts";
import type { FacebookTokenOptions, Simulator } from "../simulator.ts";
import { SimulatorError } from "../simulator-error.ts";
import type { ControlRoute } from "./control.ts";
import { oneOf, onlyKnown, subcodeOf, textOf, textsOf } from "./input.ts";

const PEOPLE = "/__sim/facebook/people";
const PAGES = "/__sim/facebook/pages";

type Body = Record<string, unknown>;

/** Facebook people, their Pages, and what can happen to either. */
export function facebookRoutes(simulator: Simulator): [string, ControlRoute][] {
  const { facebook } = simulator;
  /** A switch that answers with the person as they are now. */
  const person = (
    name: string,
    apply: (key: string, body: Body) => void,
    ...more: string[]
  ): [string, ControlRoute] => [
    `POST ${name}`,
    ({ body }) => {
      onlyKnown(body, "user", ...more);
      const key = textOf(body, "user");
      apply(key, body);
      return facebook.get(key);
    },
  ];
  return [
    [`GET ${PEOPLE}`, () => facebook.list()],
    [`POST ${PEOPLE}`, ({ body }) => facebook.add(readNewFacebookPerson(body))],
    person(`${PEOPLE}/revoke`, (key, body) => facebook.revoke(key, subcodeOf(body)), "subcode"),
    person(`${PEOPLE}/password_changed`, (key) => facebook.passwordChanged(key)),
    person(`${PEOPLE}/remove_app`, (key) => facebook.removeApp(key)),
    person(`${PEOPLE}/checkpoint`, (key) => facebook.checkpoint(key)),
    person(`${PEOPLE}/clear_checkpoint`, (key) => facebook.clearCheckpoint(key)),
    person(`${PEOPLE}/end_data_access`, (key) => facebook.endDataAccess(key)),
    person(
      `${PEOPLE}/withdraw_permissions`,
      (key, body) => facebook.withdrawPermissions(key, textsOf(body, "permissions")),
      "permissions",
    ),
    person(
      `${PEOPLE}/grant_app_role`,
      (key, body) =>
        facebook.grantAppRole(key, oneOf(body, "role", ["administrators", "developers", "testers"])),
      "role",
    ),
    person(`${PEOPLE}/withdraw_app_role`, (key) => facebook.withdrawAppRole(key)),
    person(`${PEOPLE}/rename`, (key, body) => facebook.rename(key, textOf(body, "name")), "name"),
    [
      `POST ${PEOPLE}/remove`,
      ({ body }) => {
        onlyKnown(body, "user");
        facebook.remove(textOf(body, "user"));
        return facebook.list();
      },
    ],
    [
      `POST ${PAGES}`,
      ({ body: { user, ...page } }) => facebook.addPage(textOf({ user }, "user"), readNewFacebookPage(page)),
    ],
    [
      `POST ${PAGES}/link`,
      ({ body }) => {
        onlyKnown(body, "page", "instagramUser");
        const { instagramUser } = body;
        facebook.linkInstagram(
          textOf(body, "page"),
          instagramUser === null ? null : textOf(body, "instagramUser"),
        );
        return facebook.list();
      },
    ],
    person(
      `${PAGES}/withdraw_role`,
      (key, body) => facebook.withdrawPageRole(key, textOf(body, "page")),
      "page",
    ),
    person(
      `${PAGES}/tasks`,
      (key, body) => facebook.changeTasks(key, textOf(body, "page"), readTasks(body["tasks"])),
      "page",
      "tasks",
    ),
    person(
      `${PAGES}/portfolio_role`,
      (key, body) => {
        const role = oneOf(body, "role", ["assigned", "member", "none"]);
        if (role === undefined) throw new SimulatorError("invalid_input", '"role" has to be given.');
        facebook.changePortfolioRole(key, textOf(body, "page"), role);
      },
      "page",
      "role",
    ),
    ["POST /__sim/facebook/token", ({ body }) => issueToken(simulator, body)],
  ];
}

function issueToken(simulator: Simulator, body: Body): unknown {
  onlyKnown(body, "user", "kind", "permissions", "pages", "page", "app");
  const options: FacebookTokenOptions = {};
  const kind = oneOf(body, "kind", ["short_lived", "long_lived", "system_user"]);
  if (kind !== undefined) options.kind = kind;
  const app = oneOf(body, "app", ["own", "foreign"]);
  if (app !== undefined) options.app = app;
  if (body["permissions"] !== undefined) options.permissions = textsOf(body, "permissions");
  if (body["pages"] !== undefined) options.pages = textsOf(body, "pages");
  if (body["page"] !== undefined) options.page = textOf(body, "page");
  return simulator.issueFacebookToken(textOf(body, "user"), options);
}
