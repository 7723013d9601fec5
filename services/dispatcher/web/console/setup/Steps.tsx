import { answered, api } from "../../api/client.ts";
import { STEPS } from "../../texts/console-setup.ts";
import { type Text, t } from "../../texts/language.ts";
import { CheckIcon } from "../../ui/icons.tsx";
import { type District, grids, mayChange, overview, points, teams } from "../model.ts";
import { useAsked, useEvents } from "./asked.ts";

interface Step {
  to: string;
  text: Text;
  done: boolean;
}

/** What is still to be done before the district's first task; nothing once there are tasks. */
export function Steps({ district }: { district: District }) {
  const asked = useAsked(() => whatIsThere(district), [district.id]);
  useEvents(["member.changed", "shift.changed"], asked.again);
  const tasks = points.value.size + Object.values(overview.value?.closed_today ?? {}).reduce((sum, n) => sum + n, 0);
  if (!asked.value || !mayChange.value || tasks > 0) return null;
  const { members, shifts } = asked.value;
  const steps: Step[] = [
    { to: "#/setup/grids", text: STEPS.grids, done: grids.value.size > 0 },
    { to: "#/setup/members", text: STEPS.members, done: members },
    { to: "#/setup/teams", text: STEPS.teams, done: [...teams.value.values()].some((team) => team.members.length > 0) },
    { to: "#/setup/shifts", text: STEPS.shifts, done: shifts },
    { to: "#/new", text: STEPS.task, done: false },
  ];
  const next = steps.find((step) => !step.done);
  return (
    <nav class="setup__steps" aria-label={t(STEPS.title)}>
      <strong>{t(STEPS.title)}</strong>
      <ol>
        {steps.map((step) => (
          <li key={step.to} class={step.done ? "setup__done" : step === next ? "setup__next" : ""}>
            <a href={step.to} aria-current={step === next ? "step" : undefined}>
              {step.done && <CheckIcon />}
              {t(step.text)}
              {step.done && <span class="visually-hidden">, {t(STEPS.done)}</span>}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Whether there is a member, and a shift that is not over. */
async function whatIsThere(district: District): Promise<{ members: boolean; shifts: boolean }> {
  const query = { district: district.code, limit: 1 };
  const [members, shifts] = await Promise.all([
    answered(api.GET("/v1/members", { params: { query } })),
    answered(api.GET("/v1/shifts", { params: { query: { ...query, since: new Date().toISOString() } } })),
  ]);
  return { members: members.items.length > 0, shifts: shifts.items.length > 0 };
}
