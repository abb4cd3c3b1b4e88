import { SimulatorError } from "./simulator-error.ts";

/** An amount of virtual time. All parts add up. */
export type Duration = { ms?: number; seconds?: number; minutes?: number; hours?: number; days?: number };

/** How the virtual clock stands to the real one. */
export type ClockSettings = {
  /** Virtual time minus real time, in milliseconds, from this moment on. */
  offsetMs?: number;
  /** Virtual milliseconds that pass per real millisecond; 1 is real time, 0 stands still. */
  rate?: number;
};

/** Where a clock stands. `offsetMs` is virtual time minus real time at this instant. */
export type ClockState = { nowMs: number; offsetMs: number; rate: number };

/** The clock every rule of the simulator goes by, and the one its `Date` header shows. */
export type Clock = {
  now(): Date;
  nowMs(): number;
  /** Moves the clock by a duration; a negative one moves it back. */
  advance(by: Duration): void;
  /** @throws {SimulatorError} `invalid_input` when a setting is not a usable number. */
  set(settings: ClockSettings): void;
  state(): ClockState;
  /**
   * Goes on where a saved clock would be by now. While it was away time went by as it really does, or slower if it had
   * been slowed down: a clock that runs fast would leap years overnight. Never earlier than the saved instant.
   *
   * @throws {SimulatorError} `invalid_input` when the state is none a clock can be in.
   */
  restore(saved: ClockState): void;
};

const LATEST_MS = 8.64e15; // the last instant a Date can hold

/** `changed` is called after every change, but not because time goes by. */
export function createClock(realNow: () => number, changed: () => void = () => undefined): Clock {
  let rate = 1;
  let realAnchorMs = realNow();
  let virtualAnchorMs = realAnchorMs;

  const nowMs = () =>
    rate === 1
      ? virtualAnchorMs + (realNow() - realAnchorMs)
      : Math.floor(virtualAnchorMs + (realNow() - realAnchorMs) * rate);

  function anchorAt(virtualMs: number): void {
    if (!Number.isFinite(virtualMs) || Math.abs(virtualMs) > LATEST_MS) {
      throw new SimulatorError("invalid_input", "The clock cannot be moved that far.");
    }
    realAnchorMs = realNow();
    virtualAnchorMs = virtualMs;
  }

  function checkRate(value: number): void {
    if (!Number.isFinite(value) || value < 0) {
      throw new SimulatorError("invalid_input", "The clock's rate is a number from 0 up.");
    }
  }

  return {
    now: () => new Date(nowMs()),
    nowMs,
    advance(by) {
      anchorAt(nowMs() + durationMs(by));
      changed();
    },
    set(settings) {
      const nextRate = settings.rate ?? rate;
      checkRate(nextRate);
      anchorAt(settings.offsetMs === undefined ? nowMs() : realNow() + settings.offsetMs);
      rate = nextRate;
      changed();
    },
    state() {
      const now = nowMs();
      return { nowMs: now, offsetMs: now - realNow(), rate };
    },
    restore(saved) {
      checkRate(saved.rate);
      const savedRealMs = saved.nowMs - saved.offsetMs;
      const awayMs = Math.max(0, realNow() - savedRealMs); // the machine's own clock may have been set back
      anchorAt(saved.nowMs + awayMs * Math.min(saved.rate, 1));
      rate = saved.rate;
    },
  };
}

function durationMs(by: Duration): number {
  const seconds = (by.seconds ?? 0) + 60 * ((by.minutes ?? 0) + 60 * ((by.hours ?? 0) + 24 * (by.days ?? 0)));
  return (by.ms ?? 0) + 1000 * seconds;
}
