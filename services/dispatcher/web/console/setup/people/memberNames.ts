/** Names of members by id: of those on teams from what is known, of others asked for once. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { REST } from "../../../texts/console-rosters.ts";
import { t } from "../../../texts/language.ts";
import { teams } from "../../model.ts";

const others = signal<ReadonlyMap<string, string>>(new Map());
const asked = new Set<string>();
/** So many are asked for at once; a table may warn of hundreds. */
const MOST = 30;

/** The name; a word for somebody until it is known. */
export function memberName(id: string): string {
  return onTeam(id) ?? others.value.get(id) ?? t(REST.somebody);
}

/** Asks for the names of these members that are not known yet. */
export function useMemberNames(ids: readonly string[]): void {
  const key = [...new Set(ids)].sort().join(" ");
  useEffect(() => {
    const unknown = key.split(" ").filter((id) => id && !asked.has(id) && onTeam(id) === undefined);
    for (const id of unknown.slice(0, MOST)) void ask(id);
  }, [key]);
}

function onTeam(id: string): string | undefined {
  for (const { members } of teams.value.values())
    for (const member of members) if (member.member_id === id) return member.name;
  return undefined;
}

async function ask(id: string): Promise<void> {
  asked.add(id);
  try {
    const member = await answered(api.GET("/v1/members/{id}", { params: { path: { id } } }));
    others.value = new Map([...others.value, [id, member.name]]);
  } catch {
    asked.delete(id);
  }
}
