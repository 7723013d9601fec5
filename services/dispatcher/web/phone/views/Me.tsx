import "./views.css";
import { t } from "../../texts/language.ts";
import { ME_TITLE, NO_SHIFT, NOBODY_ELSE, SHIFT, SHIFT_NEXT, SHIFT_NOW, TEAM } from "../../texts/phone-views.ts";
import { DUTY } from "../../texts/words.ts";
import { LanguageSwitch } from "../../ui/LanguageSwitch.tsx";
import { LogOut } from "../LogOut.tsx";
import { PushSettings } from "../PushSettings.tsx";
import { me, type Me as Self } from "../session.ts";
import { DutySwitch } from "./DutySwitch.tsx";
import { atDay, capabilityName, roleName } from "./naming.ts";
import { Suit } from "./Suit.tsx";
import { View } from "./View.tsx";

type Member = NonNullable<Self["member"]>;

/** Who I am, whether I am there, and who is with me. */
export function Me() {
  const self = me.value;
  const member = self?.member;
  if (!self || !member) return null;
  return (
    <View>
      <header>
        <h1>
          <span class="visually-hidden">{t(ME_TITLE)}: </span>
          {self.name}
        </h1>
        <p class="quiet">{[roleName(member.role), ...member.capabilities.map(capabilityName)].join(" · ")}</p>
      </header>
      <DutySwitch />
      <Suit limitS={member.suit_limit_s ?? null} />
      <Shift member={member} />
      {member.team && <Team team={member.team} />}
      <section class="panel stack">
        <LanguageSwitch />
        <PushSettings />
      </section>
      <LogOut />
    </View>
  );
}

function Shift({ member: { shift } }: { member: Member }) {
  const words = !shift
    ? t(NO_SHIFT)
    : shift.is_now
      ? t(SHIFT_NOW, { time: atDay(shift.ends_at) })
      : t(SHIFT_NEXT, { from: atDay(shift.starts_at), to: atDay(shift.ends_at) });
  return (
    <section class="panel">
      <h2>{t(SHIFT)}</h2>
      <p>{words}</p>
    </section>
  );
}

const TONES = { on: "badge--good", break: "badge--warn", off: "" } as const;

function Team({ team }: { team: NonNullable<Member["team"]> }) {
  return (
    <section class="panel">
      <h2>
        {t(TEAM)} {team.name}
      </h2>
      {team.colleagues.length === 0 && <p class="quiet">{t(NOBODY_ELSE)}</p>}
      <ul class="plain">
        {team.colleagues.map((colleague) => (
          <li key={colleague.name} class="colleague">
            <span>
              <strong>{colleague.name}</strong> <span class="quiet">{roleName(colleague.role)}</span>
            </span>
            <span class={`badge ${TONES[colleague.duty]}`}>{t(DUTY[colleague.duty])}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
