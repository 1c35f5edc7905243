/** Names that users give to tables, plots and models, as names of files. */

/** Letters, digits, `_`, `-` and `.` stay, the rest becomes `-`; never empty, hidden or longer than 80 characters. */
export function fileName(name: string): string {
  let safe = "";
  for (const char of name.slice(0, 80)) {
    const code = char.charCodeAt(0);
    const plain = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || char === "_" || char === ".";
    if (plain) safe += char;
    else if (!safe.endsWith("-")) safe += "-";
  }
  safe = safe.replace(/^[-.]+/, "").replace(/[-.]+$/, "");
  return safe === "" ? "unnamed" : safe;
}

/** Gives each name once: the second `roc` becomes `roc-2`. */
export class UniqueNames {
  private readonly taken = new Set<string>();

  take(name: string): string {
    const safe = fileName(name);
    let unique = safe;
    // Not every file system tells `ROC` from `roc`.
    for (let count = 2; this.taken.has(unique.toLowerCase()); count++) unique = `${safe}-${count}`;
    this.taken.add(unique.toLowerCase());
    return unique;
  }
}
