/** Not `push(...more)`: a call takes only so many arguments, and a body may have more blocks than that. */
export function append<Item>(list: Item[], more: readonly Item[]): void {
  for (const each of more) list.push(each);
}
