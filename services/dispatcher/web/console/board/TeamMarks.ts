/** The teams on the map: buttons of their own, so that a keyboard and a screen reader reach them. */

import * as L from "leaflet";
import { MAP } from "../../texts/console-board.ts";
import { listed, t } from "../../texts/language.ts";
import { type Point, type TeamGlance, teams } from "../model.ts";
import { go } from "../router.ts";

/** An older position is shown as one. */
export const OLD_AFTER_S = 15 * 60;

export class TeamMarks {
  readonly #group = L.layerGroup();
  readonly #marks = new Map<string, { mark: L.Marker; look: HTMLElement }>();

  get layer(): L.Layer {
    return this.#group;
  }

  /** Put every team that has a place where it is; `chosen` stands out. */
  show(shown: readonly TeamGlance[], chosen: string | null): void {
    const placed = shown.filter((team) => placeOf(team));
    const there = new Set(placed.map(({ team_id }) => team_id));
    for (const [id, { mark }] of this.#marks) {
      if (there.has(id)) continue;
      mark.remove();
      this.#marks.delete(id);
    }
    for (const team of placed) this.#put(team, team.team_id === chosen);
  }

  #put(team: TeamGlance, chosen: boolean): void {
    const place = placeOf(team) as Point;
    const known = this.#marks.get(team.team_id) ?? this.#make(team.team_id, place);
    known.mark.setLatLng([place.lat, place.lon]).setZIndexOffset(chosen ? 1000 : 0);
    dress(known.look, team, chosen);
  }

  #make(id: string, { lat, lon }: Point): { mark: L.Marker; look: HTMLElement } {
    const look = document.createElement("button");
    look.type = "button";
    look.addEventListener("click", (event) => {
      event.stopPropagation();
      go(`/team/${id}`);
    });
    L.DomEvent.disableClickPropagation(look);
    const icon = L.divIcon({ html: look, className: "team-mark-at", iconSize: [0, 0] });
    const mark = L.marker([lat, lon], { icon, keyboard: false, interactive: false }).addTo(this.#group);
    const made = { mark, look };
    this.#marks.set(id, made);
    return made;
  }
}

/** Where a team was heard last, else where it starts. */
export function placeOf(team: TeamGlance): Point | null {
  return team.place ?? teams.value.get(team.team_id)?.start ?? null;
}

function dress(look: HTMLElement, team: TeamGlance, chosen: boolean): void {
  const old = (team.place_age_s ?? Number.POSITIVE_INFINITY) > OLD_AFTER_S;
  const classes = ["team-mark"];
  if (!team.on_shift) classes.push("team-mark--off");
  if (team.on_shift && old) classes.push("team-mark--old");
  if (team.silent) classes.push("team-mark--silent");
  if (team.late > 0) classes.push("team-mark--late");
  if (chosen) classes.push("team-mark--chosen");
  look.className = classes.join(" ");
  const name = t(MAP.team, { code: team.code, n: team.tasks });
  const marks = [name, !team.on_shift && t(MAP.teamOff), team.silent && t(MAP.teamSilent)];
  const words = listed(marks.filter((mark) => typeof mark === "string"));
  look.title = words;
  look.replaceChildren(part("team-mark__code", team.code), part("team-mark__load", String(team.tasks)));
  for (const child of look.children) child.setAttribute("aria-hidden", "true");
  look.append(part("visually-hidden", words));
}

function part(name: string, text: string): HTMLElement {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = text;
  return made;
}
