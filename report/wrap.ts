/**
 * Breaks text into lines of at most `width` characters where it can: after spaces, commas, slashes, crosses and opening brackets, and within
 * camelCase. What
 * does not fit into `most` lines is cut off with an ellipsis.
 */
export function wrap(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=[\s,(/×])|(?<=[a-z])(?=[A-Z])/)) {
    if (line !== "" && (line + word.trimEnd()).length > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += word;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  if (line.trim() !== "") lines.push(line.trimEnd());
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1].slice(0, width - 1)}…`];
}
