import { readNewUser } from "../person-json.ts";
import type { Simulator } from "../simulator.ts";
import type { ControlRoute } from "./control.ts";
import { oneOf, onlyKnown, subcodeOf, textOf, textsOf } from "./input.ts";

/** People and what can happen to them. */
export function peopleRoutes({ users }: Simulator): [string, ControlRoute][] {
  /** A switch that takes the person's key and nothing else, and answers with the person as they are now. */
  const simple = (name: string, apply: (key: string) => void): [string, ControlRoute] => [
    `POST /__sim/users/${name}`,
    ({ body }) => {
      onlyKnown(body, "user");
      const key = textOf(body, "user");
      apply(key);
      return users.get(key);
    },
  ];
  return [
    ["GET /__sim/users", () => users.list()],
    ["POST /__sim/users", ({ body }) => users.add(readNewUser(body))],
    [
      "POST /__sim/users/revoke",
      ({ body }) => {
        onlyKnown(body, "user", "subcode");
        const key = textOf(body, "user");
        users.revoke(key, subcodeOf(body));
        return users.get(key);
      },
    ],
    simple("password_changed", (key) => users.passwordChanged(key)),
    simple("remove_app", (key) => users.removeApp(key)),
    simple("switch_personal", (key) => users.switchToPersonal(key)),
    [
      "POST /__sim/users/switch_professional",
      ({ body }) => {
        onlyKnown(body, "user", "account_type");
        const key = textOf(body, "user");
        users.switchToProfessional(
          key,
          oneOf(body, "account_type", ["BUSINESS", "MEDIA_CREATOR"]) ?? "BUSINESS",
        );
        return users.get(key);
      },
    ],
    [
      "POST /__sim/users/rename",
      ({ body }) => {
        onlyKnown(body, "user", "username");
        const key = textOf(body, "user");
        users.rename(key, textOf(body, "username"));
        return users.get(key);
      },
    ],
    simple("grant_tester_role", (key) => users.grantTesterRole(key)),
    simple("withdraw_tester_role", (key) => users.withdrawTesterRole(key)),
    [
      "POST /__sim/users/withdraw_permissions",
      ({ body }) => {
        onlyKnown(body, "user", "permissions");
        const key = textOf(body, "user");
        users.withdrawPermissions(key, textsOf(body, "permissions"));
        return users.get(key);
      },
    ],
    [
      "POST /__sim/users/remove",
      ({ body }) => {
        onlyKnown(body, "user");
        users.remove(textOf(body, "user"));
        return users.list();
      },
    ],
  ];
}
