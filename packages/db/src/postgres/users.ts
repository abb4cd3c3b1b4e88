import { accountsByUser } from "../accounts-by-user.ts";
import { checked } from "../checked-limit.ts";
import { asc, eq, gt, sql } from "../drizzle.ts";
import type { UserStore } from "../store/users.ts";
import type { Engine } from "./engine.ts";
import { connections, users } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

/** Users as operators see them. */
export function createUserMethods({ db, read }: Engine): UserStore {
  const find = db
    .select()
    .from(users)
    .where(eq(users.id, slotsOf(users).id))
    .prepare("");
  // The users of a page first, so that the limit counts them and not their accounts.
  const onPage = db
    .select()
    .from(users)
    .where(gt(users.id, slot(users.id, "after")))
    .orderBy(asc(users.id))
    .limit(sql.placeholder("limit"))
    .as("on_page");
  const page = db
    .select({
      id: onPage.id,
      createdAt: onPage.createdAt,
      account: {
        connectionId: connections.id,
        username: connections.username,
        flavour: connections.flavour,
        status: connections.status,
      },
    })
    .from(onPage)
    .leftJoin(connections, eq(connections.userId, onPage.id))
    .orderBy(asc(onPage.id), asc(connections.createdAt), asc(connections.id))
    .prepare("");

  return {
    findUser: async (id) => {
      const [found] = await read((run) => run(find, { id }));
      return found ?? null;
    },
    pageUsers: async ({ after, limit }) => {
      const values = { after: after ?? "", limit: checked(limit) };
      return accountsByUser(await read((run) => run(page, values)));
    },
  };
}
