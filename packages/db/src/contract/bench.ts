import type { Store } from "../store.ts";

/** What an engine opens its store with: the clock of the leases. */
type StoreUnderTestOptions = { leaseNow: () => number };

/** A store on an empty database, and further connections to the same one where the engine has them. */
type StoreUnderTest = { store: Store; another?: () => Promise<Store> };

/** Opens an empty database for one test. Stores are closed by the test. */
export type OpenStoreUnderTest = (options: StoreUnderTestOptions) => Promise<StoreUnderTest>;

/** What one test works with. */
export type TestBench = AsyncDisposable & {
  store: Store;
  /** A second connection to the same database, or the same one where there can be no second. */
  second: Store;
  /** Moves the clock of the leases. */
  advanceLeaseClock: (ms: number) => void;
};

/** Opens a store for one test; `await using` closes it. */
export async function setUpBench(open: OpenStoreUnderTest): Promise<TestBench> {
  // Far from `NOW`, so that a store which mixes the two clocks up is found out.
  let leaseClock = new Date("2031-07-01T00:00:00.000Z").getTime();
  const { store, another } = await open({ leaseNow: () => leaseClock });
  const second = another === undefined ? store : await another();
  return {
    store,
    second,
    advanceLeaseClock: (ms) => {
      leaseClock += ms;
    },
    [Symbol.asyncDispose]: async () => {
      if (second !== store) await second[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}
