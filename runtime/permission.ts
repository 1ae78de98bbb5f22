/** How Deno, and what passes its messages on, says that a permission is missing. */
const MISSING = /Requires (\w+) access to (.+?), run again with the (--[\w-]+) flag/;

/** In words, which permission an error lacks and the flag that gives it; null for other errors. */
export function permissionIn(error: unknown): string | null {
  const match = MISSING.exec(error instanceof Error ? error.message : String(error));
  if (match === null) return null;
  const [, access, place, flag] = match;
  return `${access} access to ${place} is not permitted: run again with ${flag}`;
}
