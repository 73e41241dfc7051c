/** How far a measurement is, in words. */

import type { BatchMessage } from "./messages";

export function count(value: number): string {
  return value.toLocaleString("en");
}

export function isOver({ state }: BatchMessage): boolean {
  return state === "done" || state === "stopped" || state === "failed";
}

export function progressWords(message: BatchMessage): string {
  const { state, before, done, total, left, problem, kind } = message;
  const unit = kind === "table" ? "images × cases × networks" : "images";
  const far = `${count(done)} of ${count(total)} ${unit}`;
  switch (state) {
    case "waiting":
      return `Waiting: ${count(before)} before yours.`;
    case "working":
      if (left === null) return done ? far : "Starting…";
      return `${far}, about ${duration(left)} left`;
    case "stopping":
      return "Stopping…";
    case "stopped":
      return `Stopped at ${far}. What is done is kept.`;
    case "failed":
      return done ? `${problem} What is done is kept: ${far}.` : problem;
    case "done":
      return `Done: ${count(total)} ${unit}.`;
  }
}

/** On a button there is room for a word. */
export function shortWords(message: BatchMessage): string {
  if (message.state === "waiting") return "waiting";
  if (isOver(message)) return message.state;
  return `${Math.floor((100 * message.done) / message.total)} %`;
}

function duration(seconds: number): string {
  if (seconds < 1.5) return "1 s";
  if (seconds < 10) return `${Math.round(seconds)} s`;
  if (seconds < 90) return `${5 * Math.ceil(seconds / 5)} s`;
  return `${Math.ceil(seconds / 60)} min`;
}
